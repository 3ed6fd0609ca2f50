import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Alert } from '../api/incidents';
import table from '../pages/ActionTable.module.css';
import { Ago } from '../time/Ago';
import { Chip, SeverityChip } from './Chip';

/** Alerts with where they come from and how often they were seen. */
export function AlertTable({ alerts, withIncident = false }: { alerts: readonly Alert[]; withIncident?: boolean }) {
  return (
    // The table may be wider than a phone; its box scrolls, not the page.
    <div className={table.box} role="region" aria-label="Table of alerts" tabIndex={0}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Severity</th>
            <th scope="col">Service</th>
            <th scope="col">Alert</th>
            <th scope="col">From</th>
            <th scope="col">Seen</th>
            {withIncident && <th scope="col">Incident</th>}
            <th scope="col">Times</th>
          </tr>
        </thead>
        <tbody>
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
              <td className={table.message} title={labelsOf(alert)}>
                {alert.summary}
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
              <td className={table.took}>{alert.count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
