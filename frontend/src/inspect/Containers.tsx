import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiError, inspectService } from '../api/client';
import type { ContainerDetails, Service } from '../api/types';
import { Tree } from './Tree';
import { replicaOf } from './replica';
import { Table } from '../lists/Table';
import classes from './Containers.module.css';

/** Every container of a service: the replicas in a table, then each as the engine describes it. */
export default function Containers({ service }: { service: Service }) {
  // Read anew whenever a container came, went or started.
  const run = [...service.containers, service.state, service.started_at].join(' ');
  const query = useQuery({
    queryKey: ['inspect', service.name, run],
    queryFn: ({ signal }) => inspectService(service.name, signal),
    placeholderData: (before) => before,
  });
  if (query.isPending) return <Skeleton height={220} radius={6} />;
  if (query.data === undefined) {
    return (
      <div className={classes.problem} role="status">
        The containers cannot be read now: {describe(query.error)}
        <Button size="xs" variant="default" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  const { containers } = query.data;
  if (containers.length === 0) return <p className={classes.problem}>It has no containers.</p>;
  return (
    <>
      <Replicas containers={containers} />
      {containers.map((container) => (
        <section key={container.id} className={classes.details} aria-label={`Details of ${container.name}`}>
          <h2 className={classes.heading}>
            {container.name} <code>{container.id}</code>
          </h2>
          {container.details === null ? (
            <p className={classes.gone}>It has gone meanwhile.</p>
          ) : (
            <Tree value={container.details} />
          )}
        </section>
      ))}
    </>
  );
}

function Replicas({ containers }: { containers: readonly ContainerDetails[] }) {
  return (
    <Table
      label="Table of replicas"
      tight
      columns={['Container', 'Status', 'Health', 'Started', 'Restarts', 'Address', 'Id']}
    >
      {containers.map((container) => {
        const replica = replicaOf(container);
        return (
          <tr key={container.id}>
            <td>{container.name}</td>
            <td>{replica.status}</td>
            <td>{replica.health}</td>
            <td>{replica.started}</td>
            <td>{replica.restarts}</td>
            <td>{replica.addresses}</td>
            <td>
              <code>{container.id}</code>
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

function describe(error: Error | null): string {
  return error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : String(error);
}
