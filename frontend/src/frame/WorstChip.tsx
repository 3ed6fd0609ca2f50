import { useEffect, useMemo } from 'react';
import { Link } from 'react-router';
import { useLive, useServices } from '../live/hooks';
import { LedIcon } from '../state/Led';
import { worstOf } from '../state/worst';
import classes from './WorstChip.module.css';

/** The one answer to "is anything wrong?"; leads to what is, pinned first. */
export function WorstChip() {
  const services = useServices();
  const seen = useLive((state) => state.heardAt !== null);
  const { look, text } = useMemo(() => worstOf(services.values()), [services]);
  useEffect(() => {
    if (seen) document.title = `${text} · IncidentOps`;
  }, [seen, text]);
  if (!seen) return null;
  return (
    <Link
      className={classes.chip}
      to={look === 'up' ? '/' : '/?pin=down'}
      data-look={look}
      data-testid="worst-state"
      aria-live="polite"
    >
      <LedIcon look={look} size={14} />
      {text}
    </Link>
  );
}
