import { Skeleton } from '@mantine/core';
import type { OnCallShift } from '../api/oncall';
import { Problem } from '../frame/Problem';
import { LedIcon } from '../state/Led';
import { exactTime } from '../time/format';
import { AddButton } from './AddButton';
import { Frame } from './Frame';
import { ScheduleCard } from './ScheduleCard';
import { useCurrent, useEntries } from './useEntries';
import classes from './OnCall.module.css';

/** `/oncall`: who is on call now, and every schedule as a calendar. */
export default function OnCallPage() {
  const schedules = useEntries('schedules');
  const users = useEntries('users').items;
  const current = useCurrent();
  return (
    <Frame title="On call">
      <AddButton to="/oncall/schedules/new" what="schedule" />
      <Problem text={schedules.problem} />
      {current !== undefined && current.length > 0 && <Now shifts={current} />}
      {schedules.loading && <Skeleton height={180} radius={6} />}
      {schedules.items.map((schedule) => (
        <ScheduleCard key={schedule.name} schedule={schedule} users={users} />
      ))}
      {!schedules.loading && schedules.problem === null && schedules.items.length === 0 && (
        <p className={classes.empty}>
          No schedule yet: nobody is on call. Add people and a team first, then a schedule.
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
