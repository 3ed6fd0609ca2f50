import { Link } from 'react-router';
import type { RunSummary } from '../api/experiments';
import { Ago } from '../time/Ago';
import { duration } from '../time/format';
import { VerdictMark } from './VerdictMark';
import classes from './Experiments.module.css';

const took = (run: RunSummary): string =>
  run.ended_at === null ? '' : duration(Date.parse(run.ended_at) - Date.parse(run.requested_at));

/** Runs, newest first. */
export function RunTable({ runs, withExperiment = false }: { runs: readonly RunSummary[]; withExperiment?: boolean }) {
  if (runs.length === 0) return <p className={classes.hint}>Nothing has been run yet.</p>;
  return (
    // The table may be wider than a phone; its box scrolls, not the page.
    <div className={classes.box} role="region" aria-label="Table of runs" tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">When</th>
            {withExperiment && <th scope="col">Experiment</th>}
            <th scope="col">Verdict</th>
            <th scope="col">By</th>
            <th scope="col">Took</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
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
                {run.asked_by} <span className={classes.faint}>{run.trigger === 'schedule' ? 'schedule' : ''}</span>
              </td>
              <td>{took(run)}</td>
              <td className={classes.reason}>{run.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
