import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Action, Outcome } from '../api/types';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { lineText } from '../services/ActionLog';
import { duration, exactTime } from '../time/format';
import { Ago } from '../time/Ago';
import classes from './ActionTable.module.css';

const LOOKS: Record<Outcome, Look> = {
  running: 'busy',
  succeeded: 'up',
  failed: 'down',
  refused: 'paused',
  interrupted: 'unhealthy',
};

interface ActionTableProps {
  actions: readonly Action[];
  /** Off on the page of one service. */
  withService?: boolean;
}

/** Actions newest first, each with who, what, how it ended and how long it took. */
export function ActionTable({ actions, withService = true }: ActionTableProps) {
  return (
    // The table may be wider than a phone; its box scrolls, not the page.
    <div className={classes.box} role="region" aria-label="Table of actions" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">When</th>
            {withService && <th scope="col">Service</th>}
            <th scope="col">Verb</th>
            <th scope="col">By</th>
            <th scope="col">Outcome</th>
            <th scope="col">Message</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {actions.map((action) => (
            <Row key={action.id} action={action} withService={withService} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ action, withService }: { action: Action; withService: boolean }) {
  const look = LOOKS[action.outcome];
  return (
    <tr>
      <td title={exactTime(action.started_at)}>
        <Ago at={action.started_at} />
      </td>
      {withService && (
        <td>
          <Link to={`/services/${servicePath(action.service)}`}>{action.service}</Link>
        </td>
      )}
      <td>{action.verb}</td>
      <td title={`source: ${action.source}`}>
        {action.actor} <span className={classes.source}>{action.source}</span>
      </td>
      <td>
        <span className={classes.outcome} data-look={look}>
          <LedIcon look={look} size={13} />
          {action.outcome}
        </span>
      </td>
      <td className={classes.message}>{lineText(action)}</td>
      <td className={classes.took}>{action.duration_ms === null ? '' : duration(action.duration_ms)}</td>
    </tr>
  );
}
