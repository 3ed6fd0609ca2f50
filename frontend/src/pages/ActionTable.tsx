import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Action, Outcome } from '../api/types';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { lineText } from '../services/ActionLog';
import { duration, exactTime } from '../time/format';
import { Ago } from '../time/Ago';
import { Table } from '../lists/Table';
import cells from '../lists/Table.module.css';

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
    <Table
      label="Table of actions"
      columns={['When', ...(withService ? ['Service'] : []), 'Verb', 'By', 'Outcome', 'Message', 'Took']}
      tight
    >
      {actions.map((action) => (
        <Row key={action.id} action={action} withService={withService} />
      ))}
    </Table>
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
        {action.actor} <span className={cells.dim}>{action.source}</span>
      </td>
      <td>
        <span className={cells.state} data-look={look}>
          <LedIcon look={look} size={13} />
          {action.outcome}
        </span>
      </td>
      <td className={cells.text}>{lineText(action)}</td>
      <td className={cells.number}>{action.duration_ms === null ? '' : duration(action.duration_ms)}</td>
    </tr>
  );
}
