import { Button, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  listSchedules,
  removeSchedule,
  switchSchedule,
  type LeftOut,
  type Schedule,
  type Timing,
} from '../api/experiments';
import { exactTime } from '../time/format';
import { Problems } from '../forms/Problems';
import { AddSchedule } from './AddSchedule';
import { WEEKDAYS } from './words';
import classes from './Experiments.module.css';

function described(timing: Timing): string {
  if (timing.type === 'cron') return `cron ${timing.cron} (${timing.time_zone})`;
  const days = timing.weekdays.map((day) => WEEKDAYS[day - 1]).join(', ');
  return `at random between ${timing.begin.slice(0, 5)} and ${timing.end.slice(0, 5)} on ${days} (${timing.time_zone}), seed ${timing.seed}`;
}

/** When the experiment runs by itself. */
export function Schedules({ name }: { name: string }) {
  const queries = useQueryClient();
  const key = ['experiments', 'schedules', name];
  const schedules = useQuery({ queryKey: key, queryFn: ({ signal }) => listSchedules(name, signal) });
  const again = (): void => void queries.invalidateQueries({ queryKey: ['experiments'] });
  return (
    <section className={classes.panel} aria-labelledby="schedules">
      <h2 id="schedules">By itself</h2>
      <Problems error={schedules.error} />
      <ul>
        {schedules.data?.items.map((item) => (
          <Item key={item.schedule.id} name={name} item={item} onChanged={again} />
        ))}
        {schedules.data?.items.length === 0 && <li className={classes.faint}>It runs only when somebody runs it.</li>}
      </ul>
      <AddSchedule name={name} onAdded={again} />
    </section>
  );
}

function Item({ name, item, onChanged }: { name: string; item: Schedule; onChanged: () => void }) {
  const { id, timing, enabled, left_out: leftOut } = item.schedule;
  const change = useMutation({
    mutationFn: (on: boolean) => switchSchedule(name, id, timing, on),
    onSuccess: onChanged,
  });
  const remove = useMutation({ mutationFn: () => removeSchedule(name, id), onSuccess: onChanged });
  const next = item.next_moments[0];
  return (
    <li className={classes.schedule}>
      <Switch
        size="xs"
        label={described(timing)}
        checked={enabled}
        onChange={(event) => change.mutate(event.currentTarget.checked)}
      />
      <span className={classes.faint}>{next === undefined ? 'switched off' : `next ${exactTime(next)}`}</span>
      <Button size="compact-xs" variant="default" onClick={() => remove.mutate()}>
        Remove
      </Button>
      {leftOut.length > 0 && <LeftOutMoments moments={leftOut} />}
      <Problems error={change.error ?? remove.error} />
    </li>
  );
}

/** When it should have run and did not, and why; of several the newest is in sight. */
function LeftOutMoments({ moments: [newest, ...older] }: { moments: readonly LeftOut[] }) {
  if (newest === undefined) return null;
  if (older.length === 0) return <p className={classes.leftOut}>{told(newest)}</p>;
  return (
    <details className={classes.leftOut}>
      <summary>{told(newest)}</summary>
      <ul>
        {older.map((moment) => (
          <li key={moment.at}>{told(moment)}</li>
        ))}
      </ul>
    </details>
  );
}

const told = ({ at, reasons }: LeftOut): string => `Did not run at ${exactTime(at)}: ${reasons.join('; ')}`;
