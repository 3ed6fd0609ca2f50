import { Button, Skeleton } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Policy } from '../api/oncall';
import { Problem } from '../frame/Problem';
import { briefly } from '../time/format';
import { AddButton } from './AddButton';
import { Frame } from './Frame';
import { useEntries } from './useEntries';
import classes from './OnCall.module.css';

/** `/oncall/policies`: who is paged after whom. */
export default function PoliciesPage() {
  const policies = useEntries('escalation-policies');
  return (
    <Frame title="Escalation policies">
      <AddButton to="/oncall/policies/new" what="policy" />
      <Problem text={policies.problem} />
      {policies.loading && <Skeleton height={180} radius={6} />}
      {policies.items.map((policy) => (
        <PolicyCard key={policy.name} policy={policy} />
      ))}
      {!policies.loading && policies.problem === null && policies.items.length === 0 && (
        <p className={classes.empty}>No policy yet: nobody is paged. A team says which one goes for which severity.</p>
      )}
    </Frame>
  );
}

function PolicyCard({ policy }: { policy: Policy }) {
  const again = policy.repeat === 0 ? '' : `, then ${policy.repeat} times more`;
  const timeout = policy.ack_timeout_seconds;
  return (
    <section className={classes.panel} aria-label={`Policy ${policy.name}`}>
      <div className={classes.row}>
        <h2>{policy.name}</h2>
        <span className={classes.detail}>{policy.description}</span>
        <Button
          component={Link}
          to={`/oncall/policies/${policy.name}`}
          variant="default"
          size="xs"
          leftSection={<IconPencil size={14} />}
          aria-label={`Edit the policy ${policy.name}`}
        >
          Edit
        </Button>
      </div>
      <ol>
        {policy.steps.map((step, index) => (
          <li key={index}>
            Page {step.targets.map((target) => `${target.kind} ${target.name}`).join(' and ')}, wait{' '}
            {briefly(step.wait_seconds)}
          </li>
        ))}
      </ol>
      <span className={classes.detail}>
        Gone through once{again}.
        {timeout !== null && ` An acknowledgement without further work holds for ${briefly(timeout)}.`}
      </span>
    </section>
  );
}
