import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Alert } from '../api/incidents';
import { Table } from '../lists/Table';
import cells from '../lists/Table.module.css';
import { Ago } from '../time/Ago';
import { Annotations } from './Annotations';
import { Chip, SeverityChip } from './Chip';

/** Alerts with where they come from and how often they were seen. */
export function AlertTable({ alerts, withIncident = false }: { alerts: readonly Alert[]; withIncident?: boolean }) {
  return (
    <Table
      label="Table of alerts"
      columns={[
        'State',
        'Severity',
        'Service',
        'Alert',
        'From',
        'Seen',
        ...(withIncident ? ['Incident'] : []),
        'Times',
      ]}
      tight
    >
      {alerts.map((alert) => (
        <tr key={alert.id}>
          <td>
            <Chip look={alert.status === 'firing' ? 'down' : 'up'} word={stateOf(alert)} />
          </td>
          <td>
            <SeverityChip severity={alert.severity} />
          </td>
          <td>
            <Link to={`/services/${servicePath(alert.service)}`}>{alert.service}</Link>
          </td>
          <td className={cells.text} title={labelsOf(alert)}>
            {alert.summary}
            <Annotations of={alert.annotations} linksOnly />
          </td>
          <td>{alert.source}</td>
          <td>
            <Ago at={alert.last_seen_at} />
          </td>
          {withIncident && (
            <td>
              <Link to={`/incidents/${alert.incident_id}`}>open</Link>
            </td>
          )}
          <td className={cells.number}>{alert.count}</td>
        </tr>
      ))}
    </Table>
  );
}

function stateOf(alert: Alert): string {
  return `${alert.status.toUpperCase()}${alert.flapping ? ', FLAPPING' : ''}`;
}

function labelsOf(alert: Alert): string {
  return Object.entries(alert.labels)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}
