import type { Override, Shift, Timeline } from '../../api/oncall';
import { useTicking } from '../../time/clock';
import { exactTime } from '../../time/format';
import { HERE, wallClock } from '../../time/zones';
import { daysOf, placeOf, restOf, type Span } from './span';
import { usePick } from './usePick';
import { useWalk } from './useWalk';
import classes from './Calendar.module.css';

const MINUTE_MS = 60_000;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

interface CalendarProps {
  readonly timeline: Timeline;
  readonly overrides: readonly Override[];
  readonly span: Span;
  /** The schedule's own zone. */
  readonly zone: string;
  /** What the form beside it holds; drawn over the line. */
  readonly picked?: Span | null;
  /** A stretch was drawn or chosen; without it nothing can be. */
  readonly onPick?: (stretch: Span) => void;
}

/** Who is on call: the final line with its gaps hatched, under it overrides and layers, the highest first. */
export function Calendar({ timeline, overrides, span, zone, picked = null, onPick }: CalendarProps) {
  const layers = timeline.layers.toReversed();
  const shifts = overrides.map((override) => ({ ...override, layer: 'override' }));
  return (
    <div className={classes.calendar}>
      <Days span={span} />
      <div className={classes.lane}>On call</div>
      {onPick === undefined ? (
        <Track shifts={timeline.shifts} span={span} zone={zone} />
      ) : (
        <DrawnTrack shifts={timeline.shifts} span={span} zone={zone} picked={picked} onPick={onPick} />
      )}
      {shifts.length > 0 && <Lane name="Overrides" shifts={shifts} span={span} zone={zone} />}
      {(layers.length > 1 || shifts.length > 0) &&
        layers.map((layer) => (
          <Lane key={layer.name} name={layer.name} shifts={layer.shifts} span={span} zone={zone} />
        ))}
    </div>
  );
}

function Days({ span }: { span: Span }) {
  return (
    <div className={classes.days} aria-hidden="true">
      {daysOf(span).map((day) => (
        <span
          key={day.getTime()}
          className={classes.day}
          data-weekend={day.getDay() % 6 === 0 || undefined}
          style={placeOf({ start: day.getTime(), end: span.end }, span) ?? undefined}
        >
          {WEEKDAYS[day.getDay()]} {day.getDate()}
        </span>
      ))}
    </div>
  );
}

interface TrackProps {
  readonly shifts: readonly Shift[];
  readonly span: Span;
  readonly zone: string;
}

function Lane({ name, ...track }: TrackProps & { name: string }) {
  return (
    <>
      <div className={classes.lane}>{name}</div>
      <div className={classes.under}>
        <Track {...track} />
      </div>
    </>
  );
}

function Track(track: TrackProps) {
  return (
    <div className={classes.track}>
      {shownOf(track).map(({ key, looks }) => (
        <span key={key} {...looks} />
      ))}
      <Now span={track.span} />
    </div>
  );
}

interface DrawnTrackProps extends TrackProps {
  readonly picked: Span | null;
  readonly onPick: (stretch: Span) => void;
}

/** The final line, over which an override can be drawn; each of its shifts can be chosen, by keys, too. */
function DrawnTrack({ picked, onPick, ...track }: DrawnTrackProps) {
  const { drawn, handlers } = usePick(track.span, onPick);
  const shown = shownOf(track);
  const { tabIndex, onKeyDown } = useWalk(shown.length);
  const band = drawn ?? picked;
  const place = band && placeOf(band, track.span);
  return (
    <div
      className={classes.track}
      role="toolbar"
      aria-label="Shifts to override"
      data-drawable
      data-testid="on-call-line"
      onKeyDown={onKeyDown}
      {...handlers}
    >
      {shown.map(({ key, stretch, looks }, index) => (
        <button
          key={key}
          type="button"
          tabIndex={tabIndex(index)}
          onClick={() => onPick(restOf(stretch, Date.now()))}
          {...looks}
        />
      ))}
      <Now span={track.span} />
      {place !== null && <span className={classes.band} style={place} data-testid="picked" />}
    </div>
  );
}

function Now({ span }: { span: Span }) {
  const now = useTicking((at) => Math.floor(at / MINUTE_MS) * MINUTE_MS);
  if (now <= span.start || now >= span.end) return null;
  return <span className={classes.now} style={placeOf({ start: now, end: span.end }, span) ?? undefined} />;
}

/** The shifts within the span: each with its stretch and how it is drawn, be it a button or not. */
function shownOf({ shifts, span, zone }: TrackProps) {
  return shifts.flatMap((shift) => {
    const stretch = { start: Date.parse(shift.start), end: Date.parse(shift.end) };
    const style = placeOf(stretch, span);
    if (style === null) return [];
    const looks = {
      className: classes.shift,
      style,
      'data-gap': shift.user === null || undefined,
      'data-override': shift.layer === 'override' || undefined,
      title: titleOf(shift, zone),
      children: shift.user ?? 'Nobody',
    };
    return [{ key: `${shift.start} ${shift.user ?? ''}`, stretch, looks }];
  });
}

/** From when to when, by the clock of who looks and, where it differs, by the schedule's. */
function titleOf({ user, start, end }: Shift, zone: string): string {
  const here = `${user ?? 'Nobody'}: ${exactTime(start)} to ${exactTime(end)}`;
  if (zone === HERE) return here;
  const there = [start, end].map((at) => wallClock(new Date(at), zone).replace('T', ' '));
  return `${here}\n${there.join(' to ')} in ${zone}`;
}
