import { Loader } from '@mantine/core';
import { IconFirstAidKit } from '@tabler/icons-react';
import { useLink, useLiveStore, useServices } from '../live/hooks';
import { useRemediation, useRemediationDesk } from './desk';
import { planRemediation } from './plan';
import { runProgress } from './progress';
import classes from './RemediationBar.module.css';

/** The button at the bottom of the Overview that restarts what is down, with what it would find. */
export function RemediationBar() {
  const desk = useRemediationDesk();
  const store = useLiveStore();
  const link = useLink();
  const { phase } = useRemediation();
  const running = phase.kind === 'running';
  const blocked = link !== 'live' && !running;
  return (
    <section className={classes.bar} aria-label="Auto-remediation">
      <Finding />
      <button
        type="button"
        className={classes.button}
        aria-disabled={blocked}
        aria-busy={running}
        title={blocked ? 'No connection to the backend' : undefined}
        data-testid="remediate"
        onClick={blocked ? undefined : () => desk.ask(planRemediation(store.get().view.services))}
      >
        {running ? (
          <Loader size={14} color="currentColor" aria-hidden="true" />
        ) : (
          <IconFirstAidKit size={17} stroke={1.8} />
        )}
        AUTO-REMEDIATION
      </button>
    </section>
  );
}

function Finding() {
  const services = useServices();
  const { phase } = useRemediation();
  if (phase.kind === 'running') {
    const { answering, total } = runProgress(phase.plan, services);
    return (
      <p className={classes.finding} role="status">
        Restarting: {answering} of {total} answer again
      </p>
    );
  }
  const { restarts, skips } = planRemediation(services);
  return <p className={classes.finding}>{describe(restarts.length, skips.length)}</p>;
}

function describe(restarts: number, skips: number): string {
  if (restarts + skips === 0) return 'Nothing is down.';
  const skipped = skips === 0 ? '' : `, would skip ${skips}`;
  return `Would restart ${restarts} ${restarts === 1 ? 'service' : 'services'} in order of dependency${skipped}.`;
}
