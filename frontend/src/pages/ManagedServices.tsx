import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Service } from '../api/types';
import { useServices } from '../live/hooks';
import { Table } from '../lists/Table';
import classes from './ManagedServices.module.css';

/** Every managed service, and the labels that make it one. */
export function ManagedServices() {
  const services = [...useServices().values()].sort((left, right) => left.name.localeCompare(right.name));
  if (services.length === 0) return <p className={classes.none}>None yet: no container carries incidentops.service.</p>;
  return (
    <Table label="Table of managed services" columns={['Service', 'Project', 'Labels in use']} inside>
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
    </Table>
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
