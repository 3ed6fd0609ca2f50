import { IconPlugConnectedX } from '@tabler/icons-react';
import { useLink } from '../live/hooks';
import { useDataAge } from './LinkState';
import classes from './LostBanner.module.css';

/** Says that what is shown is old, for as long as it is. */
export function LostBanner() {
  const link = useLink();
  const age = useDataAge();
  if (link !== 'lost') return null;
  return (
    <div className={classes.banner} role="status" data-testid="lost-banner">
      <IconPlugConnectedX size={18} aria-hidden="true" />
      <span>
        <strong>Connection lost.</strong> What you see is {age} old. Verbs are disabled; the page comes back by itself.
      </span>
    </div>
  );
}
