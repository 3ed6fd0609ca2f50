import type { Harm, Report } from '../api/experiments';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { Table } from '../lists/Table';
import { clockTime, duration } from '../time/format';
import classes from './Experiments.module.css';

const time = (seconds: number | null, otherwise: string): string =>
  seconds === null ? otherwise : duration(seconds * 1_000);

function proven(clean: boolean | null): { look: Look; word: string } {
  if (clean === null) return { look: 'unknown', word: 'not known yet' };
  return clean ? { look: 'up', word: 'clean' } : { look: 'down', word: 'not clean' };
}

/** What a run comes to. */
export function ReportView({ report }: { report: Report }) {
  const proof = proven(report.clean);
  return (
    <section className={classes.panel} aria-labelledby="report">
      <h2 id="report">Report</h2>
      <dl className={classes.figures}>
        <div>
          <dt>Detected after</dt>
          <dd>{time(report.detection_seconds, 'not detected')}</dd>
        </div>
        <div>
          <dt>Recovered after</dt>
          <dd>
            {time(report.recovery_seconds, 'not recovered')}
            {report.masked && <span className={classes.effect}>not its own</span>}
          </dd>
        </div>
        <div>
          <dt>Proof</dt>
          <dd>
            <span className={classes.mark} data-look={proof.look}>
              <LedIcon look={proof.look} />
              {proof.word}
            </span>
          </dd>
        </div>
      </dl>
      <Table
        label="Table of faults"
        columns={['Service', 'Fault', 'Mechanism', 'Detected after', 'Recovered after', 'Healed by', 'Left behind']}
        inside
      >
        {report.harms.map((harm) => (
          <HarmRow key={harm.fault_id} harm={harm} />
        ))}
      </Table>
      {report.harms.map(
        ({ fault_id, kind, service, masked }) =>
          masked !== null && (
            <p key={fault_id} className={classes.objections} role="note">
              <strong>
                A restart masked {kind.replaceAll('_', ' ')} on {service}:
              </strong>{' '}
              {masked.by} at {clockTime(masked.at)}. Its rules went with the network namespace. The recovery measured is
              the restart’s, not the system’s own.
            </p>
          ),
      )}
      <ul>
        {report.probes.map((probe) => (
          <li key={probe.name}>
            {probe.name}: steady {probe.times - probe.not_steady} of {probe.times} times, slowest answer{' '}
            {time(probe.slowest_seconds, 'none')}
          </li>
        ))}
      </ul>
    </section>
  );
}

function HarmRow({ harm }: { harm: Harm }) {
  const parameters = Object.entries(harm.parameters).map(([key, value]) => `${key} ${value}`);
  return (
    <tr>
      <td>
        {harm.service}
        {harm.container !== null && <span className={classes.effect}>{harm.container}</span>}
      </td>
      <td>{[harm.kind, ...parameters].join(', ')}</td>
      <td>{harm.mechanism}</td>
      <td>{time(harm.detection_seconds, 'not detected')}</td>
      <td>{time(harm.recovery_seconds, 'not recovered')}</td>
      <td>
        {harm.healed_by}
        {harm.masked !== null && <span className={classes.effect}>a restart, not a repair</span>}
      </td>
      <td>{Array.isArray(harm.result) ? harm.result.join('; ') : (harm.result ?? 'not known yet')}</td>
    </tr>
  );
}
