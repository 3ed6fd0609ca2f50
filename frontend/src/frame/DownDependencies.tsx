import { IconDatabaseOff } from '@tabler/icons-react';
import type { Dependency } from '../api/types';
import { useDependencies } from '../live/hooks';
import { exactTime } from '../time/format';
import classes from './DownDependencies.module.css';

/** The parts of the panel itself that are away. Nothing when all are there. */
export function DownDependencies() {
  const away = useDependencies().filter((dependency) => dependency.state === 'down');
  if (away.length === 0) return null;
  return (
    <ul className={classes.list} aria-label="Parts of the panel that are away">
      {away.map((dependency) => (
        <li key={dependency.name} className={classes.away} title={describe(dependency)}>
          <IconDatabaseOff size={14} aria-hidden="true" />
          {dependency.name} away
        </li>
      ))}
    </ul>
  );
}

function describe({ detail, since }: Dependency): string {
  return [detail, `since ${exactTime(since)}`].filter(Boolean).join(' · ');
}
