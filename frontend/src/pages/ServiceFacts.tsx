import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { dependentsOf } from '../actions/policy';
import { servicePath } from '../api/client';
import type { Service } from '../api/types';
import { useServices } from '../live/hooks';
import { RecoverySwitch } from '../services/RecoverySwitch';
import { read } from '../state/language';
import { LedIcon } from '../state/Led';
import { Ago } from '../time/Ago';
import classes from './ServiceFacts.module.css';

/** What is known about a service, as a list of names and values. */
export function ServiceFacts({ service }: { service: Service }) {
  const services = useServices();
  const { detail } = read(service);
  const dependents = dependentsOf(service.name, services.values()).map((each) => each.name);
  return (
    <dl className={classes.facts} aria-label={`Facts about ${service.name}`}>
      <Fact name="State">{detail === null ? service.state : `${service.state}: ${detail}`}</Fact>
      <Fact name="Started">{service.started_at === null ? 'never' : <Ago at={service.started_at} />}</Fact>
      {service.finished_at !== null && service.status === 'DOWN' && (
        <Fact name="Ended">
          <Ago at={service.finished_at} />
        </Fact>
      )}
      <Fact name="Recovery">
        <RecoverySwitch service={service} />
      </Fact>
      <Fact name="Wish">{service.wish ?? 'none'}</Fact>
      <Fact name="Group">{service.group}</Fact>
      <Fact name="Project">{service.project ?? 'none'}</Fact>
      <Fact name="Image">
        <code>{service.image}</code>
      </Fact>
      <Fact name="Probe">{service.probe === null ? 'none' : <code>{service.probe}</code>}</Fact>
      <Fact name="Health">{service.health}</Fact>
      <Fact name="Replicas">
        {service.replicas.running} of {service.replicas.total} run
      </Fact>
      <Fact name="Containers">
        {service.containers.length === 0 ? 'none' : <code>{service.containers.join(' ')}</code>}
      </Fact>
      <Fact name="Protected">{service.protected ? 'yes: it may be restarted, not stopped' : 'no'}</Fact>
      <Fact name="Depends on">
        <Links names={service.depends_on} />
      </Fact>
      <Fact name="Needed by">
        <Links names={dependents} />
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Links({ names }: { names: readonly string[] }) {
  const services = useServices();
  if (names.length === 0) return 'nothing';
  return names.map((name) => {
    const other = services.get(name);
    const look = other === undefined ? 'unknown' : read(other).look;
    return (
      <Link key={name} className={classes.link} to={`/services/${servicePath(name)}`} data-look={look}>
        <LedIcon look={look} size={13} />
        {name}
      </Link>
    );
  });
}
