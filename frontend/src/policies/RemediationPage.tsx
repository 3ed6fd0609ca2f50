import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { readPolicies } from '../api/remediation';
import { useTopic } from '../live/useTopic';
import { Approvals } from './Approvals';
import { Breakers } from './Breakers';
import { Decisions } from './Decisions';
import { FileProblem } from './FileProblem';
import { PolicyTable } from './PolicyTable';
import classes from './RemediationPage.module.css';

/** When and how services are healed, what is held back, what waits for a person, and every decision. */
export default function RemediationPage() {
  useTopic('policies');
  const { data, error } = useQuery({
    queryKey: ['policies', 'in force'],
    queryFn: ({ signal }) => readPolicies(signal),
  });
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Remediation</h1>
      {data?.problems.map((problem) => (
        <FileProblem key={problem.file} problem={problem} />
      ))}
      <Approvals />
      {error !== null && (
        <p className={classes.problem} role="status">
          <IconAlertTriangle size={16} aria-hidden="true" />
          Policies cannot be read now: {error.message}
        </p>
      )}
      {data === undefined && error === null && <Skeleton height={220} radius={6} />}
      {data !== undefined && (
        <>
          <Breakers breakers={data.breakers} />
          <PolicyTable policies={data.policies} />
        </>
      )}
      <Decisions />
    </div>
  );
}
