import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { describe } from '../api/client';
import { readOutagePolicies, type OutagePolicy } from '../api/outages';
import { Problem } from '../frame/Problem';
import { Table } from '../lists/Table';
import cells from '../lists/Table.module.css';
import { useTopic } from '../live/useTopic';
import { FileProblem } from '../policies/FileProblem';
import { whenOf } from '../policies/PolicyTable';
import { duration } from '../time/format';
import { Annotations } from './Annotations';
import { SeverityChip } from './Chip';
import forms from '../forms/Form.module.css';
import classes from './Incidents.module.css';

/** `/alerts/outages`: which outages are alerts by themselves, and the files that say so but cannot be read. */
export default function OutagePoliciesPage() {
  useTopic('policies');
  const { data, error } = useQuery({
    queryKey: ['policies', 'outages'],
    queryFn: ({ signal }) => readOutagePolicies(signal),
  });
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>Outage policies</h1>
      </div>
      {data?.problems.map((problem) => (
        <FileProblem key={problem.file} problem={problem} />
      ))}
      <Problem text={error === null ? null : describe(error)} />
      <Stack gap="sm">
        <p className={forms.hint}>
          A service that goes down, loops or stops answering is an alert as the first policy says that matches it. They
          are files in monitoring/outages; a service’s own label incidentops.alert stands above their severity.
        </p>
        {data === undefined && error === null && <Skeleton height={220} radius={6} />}
        {data !== undefined && <OutageTable policies={data.policies} />}
      </Stack>
    </>
  );
}

function OutageTable({ policies }: { policies: readonly OutagePolicy[] }) {
  return (
    <Table label="Table of outage policies" columns={['Policy', 'When', 'Alert', 'After', 'With it']}>
      {policies.map((policy) => (
        <tr key={policy.name}>
          <td>{policy.name}</td>
          <td>{whenOf(policy)}</td>
          <td>{policy.severity === null ? 'none' : <SeverityChip severity={policy.severity} />}</td>
          <td>{duration(policy.for_seconds * 1_000)}</td>
          <td className={cells.text}>
            <Annotations of={policy.annotations} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
