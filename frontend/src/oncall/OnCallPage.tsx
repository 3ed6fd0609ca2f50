import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCalendarDown } from '@tabler/icons-react';
import {
  calendarPath,
  readTimeline,
  removeOverride,
  type OnCallShift,
  type Override,
  type Schedule,
  type Shift,
  type User,
} from '../api/oncall';
import { LedIcon } from '../state/Led';
import { exactTime } from '../time/format';
import { Calendar } from './Calendar';
import { Frame, Problem } from './Frame';
import { OverrideForm } from './OverrideForm';
import { useChange, useCurrent, useEntries } from './useEntries';
import classes from './OnCall.module.css';

const DAYS = 14;

/** `/oncall`: who is on call now, and two weeks of every schedule with its gaps. */
export default function OnCallPage() {
  const schedules = useEntries('schedules');
  const users = useEntries('users').items;
  const current = useCurrent();
  return (
    <Frame title="On call">
      <Problem text={schedules.problem} />
      {current !== undefined && <Now shifts={current} />}
      {schedules.loading && <Skeleton height={180} radius={6} />}
      {schedules.items.map((schedule) => (
        <ScheduleCard key={schedule.name} schedule={schedule} users={users} />
      ))}
      {!schedules.loading && schedules.problem === null && schedules.items.length === 0 && (
        <p className={classes.empty}>
          No schedule yet. <code>POST /api/v1/schedules</code> adds the first one.
        </p>
      )}
    </Frame>
  );
}

function Now({ shifts }: { shifts: readonly OnCallShift[] }) {
  return (
    <section className={classes.panel} aria-labelledby="on-call-now">
      <h2 id="on-call-now">On call now</h2>
      <ul className={classes.list}>
        {shifts.map((shift) => (
          <li key={shift.schedule} className={classes.row} data-look={shift.user === null ? 'down' : 'up'}>
            <LedIcon look={shift.user === null ? 'down' : 'up'} />
            <span className={classes.name}>{shift.schedule}</span>
            <strong>{shift.user ?? 'Nobody'}</strong>
            <span className={classes.detail}>
              {[shift.full_name, shift.role, `until ${exactTime(shift.until)}`].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ScheduleCard({ schedule, users }: { schedule: Schedule; users: readonly User[] }) {
  const { name, team, zone, description } = schedule;
  const timeline = useQuery({
    queryKey: ['oncall', 'timeline', name],
    queryFn: ({ signal }) => readTimeline(name, DAYS, signal),
  });
  return (
    <section className={classes.panel} aria-label={`Schedule ${name}`}>
      <div className={classes.row}>
        <h2>{name}</h2>
        <span className={classes.detail}>{[`team ${team}`, zone, description].filter(Boolean).join(' · ')}</span>
        <Button
          component="a"
          href={calendarPath(name)}
          variant="default"
          size="xs"
          leftSection={<IconCalendarDown size={14} />}
        >
          Calendar
        </Button>
      </div>
      <Gaps gaps={timeline.data?.gaps ?? []} />
      <Calendar shifts={timeline.data?.shifts ?? []} />
      {schedule.overrides.length > 0 && <Overrides schedule={name} overrides={schedule.overrides} />}
      <OverrideForm schedule={name} users={users} />
    </section>
  );
}

function Gaps({ gaps }: { gaps: readonly Shift[] }) {
  const first = gaps[0];
  if (first === undefined) return null;
  const count = gaps.length === 1 ? 'a gap' : `${gaps.length} gaps`;
  return <Problem text={`In the next ${DAYS} days there is nobody in ${count}, first at ${exactTime(first.start)}.`} />;
}

function Overrides({ schedule, overrides }: { schedule: string; overrides: readonly Override[] }) {
  const change = useChange((override: Override) => removeOverride(schedule, override));
  return (
    <ul className={classes.list} aria-label={`Overrides of ${schedule}`}>
      {overrides.map((override) => (
        <li key={`${override.user} ${override.start}`} className={classes.row}>
          <span className={classes.name}>{override.user}</span>
          <span className={classes.detail}>
            {exactTime(override.start)} to {exactTime(override.end)} {override.reason}
          </span>
          <Button variant="subtle" size="compact-xs" disabled={change.busy} onClick={() => change.run(override)}>
            Take back
          </Button>
        </li>
      ))}
      <Problem text={change.problem} />
    </ul>
  );
}
