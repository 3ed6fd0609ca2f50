import { useParams } from 'react-router';
import type { Service } from '../api/types';
import { useActions, useLive, useService, useWatched } from '../live/hooks';
import { Notice } from '../frame/Notice';
import { CardError } from '../services/CardError';
import { StateWord } from '../services/StateWord';
import { VerbBar } from '../services/VerbBar';
import { Vitals } from '../services/Vitals';
import { LedIcon } from '../state/Led';
import { read } from '../state/language';
import { Waiting } from '../overview/Waiting';
import { History } from './History';
import { ServiceFacts } from './ServiceFacts';
import { useActionHistory } from './useActionHistory';
import classes from './ServicePage.module.css';

/** Everything about one service: `/services/<name>`, where the name may hold a slash. */
export default function ServicePage() {
  const name = useParams()['*'] ?? '';
  const service = useService(name);
  const seen = useLive((state) => state.heardAt !== null);
  if (!seen) return <Waiting />;
  if (service === undefined) {
    return (
      <Notice look="unknown" title={`No service is called ${name}`}>
        <p>It may have been removed, or its label incidentops.service has another value.</p>
      </Notice>
    );
  }
  return <OneService key={name} service={service} />;
}

function OneService({ service }: { service: Service }) {
  const { look } = read(service);
  const running = service.replicas.running > 0;
  const live = useActions(service.name);
  const history = useActionHistory({ service: service.name }, live);
  useWatched(service.name, running);
  return (
    <div className={classes.page}>
      <header className={classes.head} data-look={look}>
        <h1 className={classes.name}>{service.name}</h1>
        <StateWord service={service} />
        <div className={classes.verbs}>
          <VerbBar service={service} />
        </div>
      </header>
      <CardError service={service.name} />
      {service.misconfigured !== null && <Misconfigured reason={service.misconfigured} />}
      <div className={classes.columns}>
        <ServiceFacts service={service} />
        <section className={classes.history} aria-labelledby="history">
          <div className={classes.vitals}>
            <Vitals name={service.name} running={running} />
          </div>
          {service.last_log.length > 0 && <LastWords lines={service.last_log} />}
          <h2 id="history" className={classes.heading}>
            Actions
          </h2>
          <History
            history={history}
            withService={false}
            empty={`Nobody has done anything to ${service.name} yet. The first ping, stop or start shows here at once.`}
          />
        </section>
      </div>
    </div>
  );
}

function Misconfigured({ reason }: { reason: string }) {
  return (
    <p className={classes.misconfigured} role="status" data-look="misconfigured">
      <LedIcon look="misconfigured" />
      <span>
        <strong>Its labels cannot be used as they are:</strong> {reason}
      </span>
    </p>
  );
}

function LastWords({ lines }: { lines: readonly string[] }) {
  return (
    <>
      <h2 className={classes.heading}>Last lines before it died</h2>
      <pre className={classes.words}>{lines.join('\n')}</pre>
    </>
  );
}
