import { IconShieldLock } from '@tabler/icons-react';
import type { Service } from '../api/types';
import { read } from '../state/language';
import { Ago } from '../time/Ago';
import classes from './Facts.module.css';

/** Since when, and what is special about it, in one line. */
export function Facts({ service }: { service: Service }) {
  const { look, detail } = read(service);
  const shown = look === 'misconfigured' ? null : detail;
  return (
    <p className={classes.facts}>
      {shown !== null && (
        <span className={classes.detail} title={shown}>
          {shown}
        </span>
      )}
      <Since service={service} />
      {service.replicas.total > 1 && (
        <span title="Replicas that run, of all">
          {service.replicas.running}/{service.replicas.total}
        </span>
      )}
      {service.protected && (
        <span className={classes.shield} title="Protected: it may be restarted, not stopped">
          <IconShieldLock size={13} aria-hidden="true" />
          protected
        </span>
      )}
    </p>
  );
}

function Since({ service }: { service: Service }) {
  const ended = service.status === 'DOWN' && service.finished_at !== null && read(service).look === 'down';
  if (ended && service.finished_at !== null) return <Ago at={service.finished_at} />;
  if (service.started_at === null) return <span>not started</span>;
  return <Ago at={service.started_at} phrase={(duration) => `started ${duration} ago`} />;
}
