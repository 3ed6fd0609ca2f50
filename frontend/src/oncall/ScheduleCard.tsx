import { Button } from '@mantine/core';
import { IconCalendarDown, IconPencil } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { calendarPath, readTimeline, removeOverride, type Override, type Schedule, type User } from '../api/oncall';
import { Problem } from '../frame/Problem';
import { exactTime } from '../time/format';
import { Calendar } from './calendar/Calendar';
import { Gaps } from './calendar/Gaps';
import type { Span } from './calendar/span';
import { Steps } from './calendar/Steps';
import { useSpan } from './calendar/useSpan';
import { NO_TIMES, OverrideForm, stretchOf, timesOf } from './OverrideForm';
import { useChange } from './useEntries';
import classes from './OnCall.module.css';

/** One schedule: its calendar, over which an override is drawn, and the overrides there are. */
export function ScheduleCard({ schedule, users }: { schedule: Schedule; users: readonly User[] }) {
  const { name, zone, overrides } = schedule;
  const [times, setTimes] = useState(NO_TIMES);
  const form = useRef<HTMLFormElement>(null);
  const pick = (stretch: Span): void => {
    setTimes(timesOf(stretch));
    form.current?.querySelector('input')?.focus();
  };
  const days = useSpan();
  const { span, count } = days;
  const start = new Date(span.start).toISOString();
  const timeline = useQuery({
    queryKey: ['oncall', 'timeline', name, start, count],
    queryFn: ({ signal }) => readTimeline(name, start, count, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <section className={classes.panel} aria-label={`Schedule ${name}`}>
      <Head schedule={schedule} />
      <Steps days={days} zone={zone} />
      <Problem text={timeline.error?.message ?? null} />
      {timeline.data !== undefined && (
        <>
          <Gaps gaps={timeline.data.gaps} days={count} />
          <Calendar
            timeline={timeline.data}
            overrides={overrides}
            span={span}
            zone={zone}
            picked={stretchOf(times)}
            onPick={pick}
          />
        </>
      )}
      {overrides.length > 0 && <Overrides schedule={name} overrides={overrides} />}
      <p className={classes.empty}>
        Draw over the line “On call” or choose a shift of it (arrow keys, Enter) to put somebody else there, or say
        when:
      </p>
      <OverrideForm ref={form} schedule={name} users={users} times={times} onTimes={setTimes} />
    </section>
  );
}

function Head({ schedule: { name, team, description } }: { schedule: Schedule }) {
  return (
    <div className={classes.row}>
      <h2>{name}</h2>
      <span className={classes.detail}>{[`team ${team}`, description].filter(Boolean).join(' · ')}</span>
      <Button
        component={Link}
        to={`/oncall/schedules/${name}`}
        variant="default"
        size="xs"
        leftSection={<IconPencil size={14} />}
        aria-label={`Edit the schedule ${name}`}
      >
        Edit
      </Button>
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
  );
}

function Overrides({ schedule, overrides }: { schedule: string; overrides: readonly Override[] }) {
  const change = useChange((override: Override) => removeOverride(schedule, override));
  return (
    <>
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
      </ul>
      <Problem text={change.problem} />
    </>
  );
}
