import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { servicePath } from '../api/client';
import { answerApproval, listApprovals, type Approval } from '../api/remediation';
import { Ago } from '../time/Ago';
import classes from './RemediationPage.module.css';

/** Remedies that wait for a person. Nothing is drawn while none does. */
export function Approvals() {
  const { data } = useQuery({ queryKey: ['policies', 'approvals'], queryFn: ({ signal }) => listApprovals(signal) });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className={classes.panel} aria-labelledby="approvals">
      <h2 id="approvals">Waiting for your approval</h2>
      {data.items.map((approval) => (
        <Waiting key={approval.id} approval={approval} />
      ))}
    </section>
  );
}

function Waiting({ approval }: { approval: Approval }) {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (answer: 'approve' | 'refuse') => answerApproval(approval.id, answer),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['policies', 'approvals'] }),
  });
  const { service, remedy } = approval;
  return (
    <div className={classes.waiting}>
      <div className={classes.what}>
        <strong>
          {remedy} <Link to={`/services/${servicePath(service)}`}>{service}</Link>
        </strong>
        : {approval.reason}{' '}
        <span className={classes.dim}>
          (asked <Ago at={approval.asked_at} />)
        </span>
        {error !== null && <div role="alert">{error.message}</div>}
      </div>
      <Button
        size="xs"
        loading={isPending}
        onClick={() => mutate('approve')}
        aria-label={`Approve ${remedy} ${service}`}
      >
        Approve
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={isPending}
        onClick={() => mutate('refuse')}
        aria-label={`Refuse ${remedy} ${service}`}
      >
        Refuse
      </Button>
    </div>
  );
}
