import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { IncidentDetail } from '../api/incidents';
import { useServices } from '../live/hooks';
import { StateWord } from '../services/StateWord';
import { blastRadius } from '../topology/graph';
import { Panel } from '../frame/Panel';
import classes from './Incidents.module.css';

/** What stands on the service, what it stood on, and what was folded into this incident. */
export function BlastRadius({ incident }: { incident: IncidentDetail }) {
  const services = useServices();
  const hit = [...blastRadius(incident.service, services).keys()].flatMap((name) => services.get(name) ?? []);
  return (
    <Panel title="Blast radius">
      <ul className={classes.list}>
        {hit.map((service) => (
          <li key={service.name} className={classes.facts}>
            <Link to={`/services/${servicePath(service.name)}`}>{service.name}</Link>
            <StateWord service={service} />
          </li>
        ))}
        {hit.length === 0 && <li>Nothing that is managed here stands on {incident.service}.</li>}
        {incident.merged.map((child) => (
          <li key={child.id} className={classes.facts}>
            <Link to={`/incidents/${child.number}`}>
              #{child.number} {child.title}
            </Link>
            folded in
          </li>
        ))}
      </ul>
      <p className={classes.who}>
        <Link to={`/topology?service=${encodeURIComponent(incident.service)}`}>Show on the map</Link>
      </p>
    </Panel>
  );
}
