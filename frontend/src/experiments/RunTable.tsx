import { Link } from 'react-router';
import type { RunSummary } from '../api/experiments';
import { Ago } from '../time/Ago';
import { duration } from '../time/format';
import { VerdictMark } from './VerdictMark';
import { Table } from '../lists/Table';
import cells from '../lists/Table.module.css';
import classes from './Experiments.module.css';

const took = (run: RunSummary): string =>
  run.ended_at === null ? '' : duration(Date.parse(run.ended_at) - Date.parse(run.requested_at));

/** Runs, newest first. */
export function RunTable({ runs, withExperiment = false }: { runs: readonly RunSummary[]; withExperiment?: boolean }) {
  if (runs.length === 0) return <p className={classes.hint}>Nothing has been run yet.</p>;
  return (
    <Table
      label="Table of runs"
      columns={['Run', 'When', ...(withExperiment ? ['Experiment'] : []), 'Verdict', 'By', 'Took', 'Reason']}
      tight
    >
      {runs.map((run) => (
        <tr key={run.id}>
          <td>
            <Link to={`/runs/${run.id}`}>{run.number ?? 'open'}</Link>
          </td>
          <td>
            <Ago at={run.requested_at} />
          </td>
          {withExperiment && (
            <td>
              <Link to={`/experiments/${run.experiment}`}>{run.title}</Link>
            </td>
          )}
          <td>
            <VerdictMark run={run} />
          </td>
          <td>
            {run.asked_by} <span className={cells.dim}>{run.trigger === 'schedule' ? 'schedule' : ''}</span>
          </td>
          <td>{took(run)}</td>
          <td className={`${cells.text} ${cells.dim}`}>{run.reason}</td>
        </tr>
      ))}
    </Table>
  );
}
