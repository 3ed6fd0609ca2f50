import type { Matched, Policy } from '../api/remediation';
import { duration } from '../time/format';
import { Table } from '../lists/Table';
import cells from '../lists/Table.module.css';
import classes from './RemediationPage.module.css';

/** The policies in force, in the order in which they are asked. */
export function PolicyTable({ policies }: { policies: readonly Policy[] }) {
  return (
    <section className={classes.panel} aria-labelledby="policies">
      <h2 id="policies">Policies, the first that matches counts</h2>
      <Table
        label="Table of policies"
        columns={['Policy', 'When', 'Does, attempt by attempt', 'Limits', 'Success', 'In an experiment']}
        inside
      >
        {policies.map((policy) => (
          <tr key={policy.name}>
            <td className={cells.text}>{policy.name}</td>
            <td>{whenOf(policy)}</td>
            <td>
              {policy.actions.join(', ')}
              {policy.approval && <div className={cells.dim}>after a person’s approval</div>}
            </td>
            <td className={cells.text}>{limitsOf(policy)}</td>
            <td>{policy.probes === 1 ? '1 probe' : `${policy.probes} probes in a row`}</td>
            <td>{policy.during_faults}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

const seconds = (count: number): string => duration(count * 1_000);

/** "data: down, hung". */
export function whenOf(policy: Matched): string {
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
