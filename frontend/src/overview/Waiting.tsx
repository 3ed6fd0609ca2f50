import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useLive } from '../live/hooks';
import { Notice } from '../frame/Notice';
import classes from './Waiting.module.css';

/** A server that says nothing for this long is as good as away. */
const PATIENCE_MS = 6_000;

/** Before the first picture: the page's shape, and after a failed attempt what is away. */
export function Waiting() {
  const reason = useLive((state) => state.reason);
  const impatient = useImpatience();
  if (reason !== null || impatient) return <BackendAway reason={reason ?? 'it does not answer'} />;
  return (
    <div aria-busy="true" aria-label="Loading services">
      <Skeleton height={64} radius={6} />
      <div className={classes.grid}>
        {Array.from({ length: 12 }, (_, index) => (
          <Skeleton key={index} height="var(--card-height)" radius={6} />
        ))}
      </div>
    </div>
  );
}

function useImpatience(): boolean {
  const [impatient, setImpatient] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setImpatient(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return impatient;
}

function BackendAway({ reason }: { reason: string }) {
  return (
    <Notice look="down" title="The backend is away">
      <p>
        The panel reached its own server, but not the backend behind it ({reason}). Managed services keep running;
        nothing here can show or change them until the backend returns. The page tries again by itself.
      </p>
      <p>
        On the host, <code>docker compose ps backend</code> and <code>docker compose logs backend</code> say more.
      </p>
    </Notice>
  );
}
