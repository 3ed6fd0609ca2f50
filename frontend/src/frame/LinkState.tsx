import { QUIET_MS } from '../live/connection';
import { useLink, useLive } from '../live/hooks';
import { useTicking } from '../time/clock';
import { briefly } from '../time/format';
import classes from './LinkState.module.css';

const WORDS: Record<string, string> = { connecting: 'Connecting', live: 'Live', quiet: 'No answer', lost: 'Offline' };

/** Whether the page follows the server, and how old its data is. */
export function LinkState() {
  const link = useLink();
  const heardAt = useLive((state) => state.heardAt);
  const followed = link === 'live' && heardAt !== null;
  const shown = useTicking(() => (followed && Date.now() - heardAt > QUIET_MS ? 'quiet' : link));
  const age = useDataAge();
  return (
    <span
      className={classes.link}
      data-link={link}
      data-shown={shown}
      data-testid="connection"
      title="Age of the newest sign of life from the backend"
    >
      <span className={classes.dot} aria-hidden="true" />
      <span>{WORDS[shown]}</span>
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
