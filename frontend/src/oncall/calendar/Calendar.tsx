import type { Shift } from '../api/oncall';
import { exactTime } from '../time/format';
import classes from './Calendar.module.css';

interface Span {
  readonly start: number;
  readonly end: number;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const DAY_MS = 86_400_000;

/** Shifts of two weeks on one line per layer, the effective one first; gaps hatched. */
export function Calendar({ shifts }: { shifts: readonly Shift[] }) {
  const first = shifts[0];
  const last = shifts.at(-1);
  if (first === undefined || last === undefined) return null;
  const span = { start: Date.parse(first.start), end: Date.parse(last.end) };
  const layers = [...new Set(shifts.map((shift) => shift.layer))].filter((layer) => layer !== null);
  return (
    <div>
      <Days span={span} />
      <Track name="On call" shifts={shifts} span={span} />
      {layers.length > 1 &&
        layers.map((layer) => (
          <Track key={layer} name={layer} shifts={shifts.filter((shift) => shift.layer === layer)} span={span} />
        ))}
    </div>
  );
}

function Days({ span }: { span: Span }) {
  const count = Math.round((span.end - span.start) / DAY_MS);
  return (
    <div className={classes.days} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => {
        const day = new Date(span.start + index * DAY_MS);
        return (
          <span key={index} className={classes.day}>
            {WEEKDAYS[day.getDay()]} {day.getDate()}
          </span>
        );
      })}
    </div>
  );
}

function Track({ name, shifts, span }: { name: string; shifts: readonly Shift[]; span: Span }) {
  return (
    <>
      <div className={classes.layer}>{name}</div>
      <div className={classes.track}>
        {shifts.map((shift) => (
          <span
            key={shift.start}
            className={classes.shift}
            style={place(shift, span)}
            data-gap={shift.user === null || undefined}
            data-override={shift.layer === 'override' || undefined}
            title={`${shift.user ?? 'Nobody'}: ${exactTime(shift.start)} to ${exactTime(shift.end)}`}
          >
            {shift.user ?? 'Nobody'}
          </span>
        ))}
      </div>
    </>
  );
}

function place(shift: Shift, span: Span): { left: string; width: string } {
  const length = span.end - span.start;
  const left = (Date.parse(shift.start) - span.start) / length;
  const width = (Date.parse(shift.end) - Date.parse(shift.start)) / length;
  return { left: `${left * 100}%`, width: `${width * 100}%` };
}
