import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Service } from '../api/types';
import { useServices } from '../live/hooks';
import classes from './ManagedServices.module.css';

/** Every managed service, and the labels that make it one. */
export function ManagedServices() {
  const services = [...useServices().values()].sort((left, right) => left.name.localeCompare(right.name));
  if (services.length === 0) return <p className={classes.none}>None yet: no container carries incidentops.service.</p>;
  return (
    <div className={classes.box} role="region" aria-label="Table of managed services" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Project</th>
            <th scope="col">Labels in use</th>
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <tr key={service.name}>
              <td>
                <Link to={`/services/${servicePath(service.name)}`}>{service.name}</Link>
              </td>
              <td>{service.project ?? 'none'}</td>
              <td>
                <ul className={classes.labels}>
                  {labelsOf(service).map((label) => (
                    <li key={label}>
                      <code>{label}</code>
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What its labels amount to, without the `incidentops.` that they share. */
export function labelsOf(service: Service): string[] {
  return [
    `service=${service.name.slice(service.name.lastIndexOf('/') + 1)}`,
    `group=${service.group}`,
    ...(service.probe === null ? [] : [`probe=${service.probe}`]),
    `recovery=${service.recovery_mode}`,
    ...(service.protected ? ['protected=true'] : []),
    ...(service.depends_on.length === 0 ? [] : [`depends_on=${service.depends_on.join(',')}`]),
  ];
}
