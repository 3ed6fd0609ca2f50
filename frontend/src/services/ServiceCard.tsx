import { memo, useRef } from 'react';
import { useService, useWatched } from '../live/hooks';
import { needsAttention, read } from '../state/language';
import { ActionLog } from './ActionLog';
import { CardError } from './CardError';
import { Facts } from './Facts';
import { ServiceName } from './ServiceName';
import { StateWord } from './StateWord';
import { useOnScreen } from './useOnScreen';
import { VerbBar } from './VerbBar';
import { Vitals } from './Vitals';
import classes from './ServiceCard.module.css';

/** One service: how it is, how it has been, what was done to it, what can be done. Fixed size. */
export const ServiceCard = memo(function ServiceCard({ name }: { name: string }) {
  const service = useService(name);
  const card = useRef<HTMLElement>(null);
  const onScreen = useOnScreen(card);
  const running = service !== undefined && service.replicas.running > 0;
  useWatched(name, onScreen && running);
  if (service === undefined) return null;
  const { look } = read(service);
  return (
    <article
      ref={card}
      className={classes.card}
      tabIndex={-1}
      aria-label={`Service ${name}`}
      data-card={name}
      data-testid={`card-${name}`}
      data-look={look}
      data-loud={needsAttention(look) || undefined}
      data-status={service.status}
    >
      <header className={classes.head}>
        <ServiceName name={name} />
        <StateWord service={service} />
      </header>
      <div className={classes.body}>
        <Facts service={service} />
        {service.misconfigured === null ? (
          <Vitals name={name} running={running} />
        ) : (
          <p className={classes.reason} title={service.misconfigured}>
            {service.misconfigured}
          </p>
        )}
        <ActionLog service={name} lastWords={service.last_log} />
        <div className={classes.error}>
          <CardError service={name} />
        </div>
        <VerbBar service={service} />
      </div>
    </article>
  );
});
