import { memo, useRef } from 'react';
import type { Service } from '../api/types';
import { useFaultsOn, useService, useWatched } from '../live/hooks';
import { FaultMark } from '../faults/FaultMark';
import { needsAttention, read } from '../state/language';
import { ActionLog } from './ActionLog';
import { CardError } from './CardError';
import { Facts } from './Facts';
import { RecoverySwitch } from './RecoverySwitch';
import { ServiceName } from './ServiceName';
import { StateWord } from './StateWord';
import { useOnScreen } from './useOnScreen';
import { VerbBar } from './VerbBar';
import { Vitals } from './Vitals';
import classes from './ServiceCard.module.css';

interface ServiceCardProps {
  name: string;
  /** Only the head is drawn while the card is off screen; for pages with very many. */
  lazy?: boolean;
}

/** One service: how it is, how it has been, what was done to it, what can be done. Fixed size. */
export const ServiceCard = memo(function ServiceCard({ name, lazy = false }: ServiceCardProps) {
  const service = useService(name);
  const card = useRef<HTMLElement>(null);
  const onScreen = useOnScreen(card);
  useWatched(name, onScreen && service !== undefined && service.replicas.running > 0);
  const faulty = useFaultsOn(name).length > 0;
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
      data-fault={faulty || undefined}
      data-status={service.status}
    >
      <header className={classes.head}>
        <ServiceName name={name} />
        <FaultMark service={name} />
        <StateWord service={service} />
      </header>
      {(onScreen || !lazy) && <Body service={service} />}
    </article>
  );
});

function Body({ service }: { service: Service }) {
  const { name, misconfigured } = service;
  return (
    <div className={classes.body}>
      <div className={classes.line}>
        <Facts service={service} />
        <RecoverySwitch service={service} />
      </div>
      {misconfigured === null ? (
        <Vitals name={name} running={service.replicas.running > 0} />
      ) : (
        <p className={classes.reason} title={misconfigured}>
          {misconfigured}
        </p>
      )}
      <ActionLog service={name} lastWords={service.last_log} />
      <div className={classes.error}>
        <CardError service={name} />
      </div>
      <VerbBar service={service} />
    </div>
  );
}
