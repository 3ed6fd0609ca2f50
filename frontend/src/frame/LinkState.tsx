import { useLink, useLive } from '../live/hooks';
import { useTicking } from '../time/clock';
import { briefly } from '../time/format';
import classes from './LinkState.module.css';

const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Offline' } as const;

/** Whether the page follows the server, and how old its data is. */
export function LinkState() {
  const link = useLink();
  const age = useDataAge();
  return (
    <span
      className={classes.link}
      data-link={link}
      data-testid="connection"
      title="Age of the newest sign of life from the backend"
    >
      <span className={classes.dot} aria-hidden="true" />
      <span>{WORDS[link]}</span>
      {age !== null && <span className={classes.age}>{age}</span>}
    </span>
  );
}

/** How long ago the server was last heard, as text; null before it ever was. */
export function useDataAge(): string | null {
  const heardAt = useLive((state) => state.heardAt);
  const age = useTicking(() => (heardAt === null ? '' : briefly((Date.now() - heardAt) / 1_000)));
  return heardAt === null ? null : age;
}
