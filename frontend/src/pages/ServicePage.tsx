import { Skeleton, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useParams, useSearchParams } from 'react-router';
import type { Service } from '../api/types';
import { useActions, useLive, useService, useWatched } from '../live/hooks';
import { lazyPart } from '../frame/lazyPart';
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

const WAITING = <Skeleton height={320} radius={6} />;
const LogView = lazyPart('LogView', () => import('../logs/LogView'), WAITING);
const Charts = lazyPart('Charts', () => import('../charts/Charts'), WAITING);
const Containers = lazyPart('Containers', () => import('../inspect/Containers'), WAITING);

const TABS: readonly (readonly [string, string, (service: Service) => ReactNode])[] = [
  ['logs', 'Logs', (service) => <LogView service={service.name} replicas={service.replicas.total} />],
  ['charts', 'Charts', (service) => <Charts service={service.name} />],
  ['actions', 'Actions', (service) => <ServiceActions name={service.name} />],
  ['containers', 'Containers', (service) => <Containers service={service} />],
];

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
      {service.last_log.length > 0 && <LastWords lines={service.last_log} />}
      <div className={classes.columns}>
        <div className={classes.side}>
          <div className={classes.vitals}>
            <Vitals name={service.name} running={running} />
          </div>
          <ServiceFacts service={service} />
        </div>
        <Parts service={service} />
      </div>
    </div>
  );
}

/** The page's parts; which one is open stands in the address. */
function Parts({ service }: { service: Service }) {
  const [params, setParams] = useSearchParams();
  const open = TABS.find(([key]) => key === params.get('tab'))?.[0] ?? 'logs';
  return (
    <Tabs
      className={classes.parts ?? ''}
      value={open}
      keepMounted={false}
      onChange={(key) => setParams(key === null || key === 'logs' ? {} : { tab: key }, { replace: true })}
    >
      <Tabs.List aria-label={`Parts of ${service.name}`} mb={10}>
        {TABS.map(([key, word]) => (
          <Tabs.Tab key={key} value={key}>
            {word}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map(([key, , draw]) => (
        <Tabs.Panel key={key} value={key}>
          {key === open && draw(service)}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function ServiceActions({ name }: { name: string }) {
  const history = useActionHistory({ service: name }, useActions(name));
  return (
    <History
      history={history}
      withService={false}
      empty={`Nobody has done anything to ${name} yet. The first ping, stop or start shows here at once.`}
    />
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
    <section className={classes.last} aria-labelledby="last-words">
      <h2 id="last-words">Last lines before it died</h2>
      <pre className={classes.words}>{lines.join('\n')}</pre>
    </section>
  );
}
