import type { Policy } from '../api/remediation';
import { duration } from '../time/format';
import classes from './RemediationPage.module.css';

/** The policies in force, in the order in which they are asked. */
export function PolicyTable({ policies }: { policies: readonly Policy[] }) {
  return (
    <section className={classes.panel} aria-labelledby="policies">
      <h2 id="policies">Policies, the first that matches counts</h2>
      <div className={classes.box} role="region" aria-label="Table of policies" tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col">When</th>
              <th scope="col">Does, attempt by attempt</th>
              <th scope="col">Limits</th>
              <th scope="col">Success</th>
              <th scope="col">In an experiment</th>
            </tr>
          </thead>
          <tbody>
            {policies.map((policy) => (
              <tr key={policy.name}>
                <td className={classes.wide}>{policy.name}</td>
                <td>{whenOf(policy)}</td>
                <td>
                  {policy.actions.join(', ')}
                  {policy.approval && <div className={classes.dim}>after a person’s approval</div>}
                </td>
                <td className={classes.wide}>{limitsOf(policy)}</td>
                <td>{policy.probes === 1 ? '1 probe' : `${policy.probes} probes in a row`}</td>
                <td>{policy.during_faults}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const seconds = (count: number): string => duration(count * 1_000);

/** "data: down, hung". */
export function whenOf(policy: Policy): string {
  const who = [...policy.services, ...policy.groups.map((group) => `group ${group}`)].join(', ') || 'every service';
  return `${who}: ${policy.states.map((state) => state.replace('_', ' ')).join(', ')}`;
}

/** Budget, breaker, pauses and start period as one sentence. */
export function limitsOf(policy: Policy): string {
  const parts = [
    `at most ${policy.attempts} in ${seconds(policy.window_seconds)}`,
    `${seconds(policy.breaker_rest_seconds)} of rest after ${policy.breaker_failures} failures in a row`,
    `pauses of ${seconds(policy.backoff_first_seconds)} to ${seconds(policy.backoff_longest_seconds)}`,
  ];
  if (policy.start_period_seconds > 0) parts.push(`start period ${seconds(policy.start_period_seconds)}`);
  return parts.join('; ');
}
