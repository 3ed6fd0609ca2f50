import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { IncidentDetail } from '../api/incidents';
import { readRelated } from '../api/story';
import { useLive, useServices } from '../live/hooks';
import { blastRadius, needsOf } from '../topology/graph';
import { HappeningList } from './HappeningList';
import { Panel } from '../frame/Panel';
import { describe } from '../api/client';
import classes from './Story.module.css';

const NONE: readonly string[] = [];

/** What was done to the services that an incident reaches while it went on, and shortly before and after. */
export function AtTheSameTime({ incident }: { incident: IncidentDetail }) {
  const query = useRelated(incident);
  const found = query.data?.pages.flatMap((page) => page.items).toReversed() ?? [];
  return (
    <Panel title="At the same time">
      {query.isPending && <Skeleton height={60} />}
      {query.error !== null && <p className={classes.dim}>{describe(query.error)}</p>}
      {query.hasNextPage && (
        <Button
          className={classes.earlier ?? ''}
          variant="default"
          size="compact-xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show earlier
        </Button>
      )}
      <HappeningList happenings={found} opened={incident.created_at} label="What was done at the same time" />
      {query.isSuccess && found.length === 0 && (
        <p className={classes.dim}>Nobody did anything to {incident.service} or what stands on it.</p>
      )}
    </Panel>
  );
}

/** Read again whenever something is done to one of the services; what is over changes no more. */
function useRelated({ id, service, status }: IncidentDetail) {
  const services = useServices();
  const reached = [service, ...needsOf(service, services).keys(), ...blastRadius(service, services).keys()];
  const mark = useMark(status === 'resolved' ? NONE : reached);
  return useInfiniteQuery({
    queryKey: ['incidents', 'related', id, mark],
    queryFn: ({ pageParam, signal }) => readRelated(id, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
}

/** A text that differs whenever the last action on the services does, or a fault of theirs. */
function useMark(services: readonly string[]): string {
  return useLive(({ view }) =>
    services
      .map((name) => {
        const last = view.actions.get(name)?.at(-1);
        const faults = (view.faults.get(name) ?? []).map((fault) => `${fault.id} ${fault.state}`);
        return [last?.id, last?.outcome, ...faults].join(' ');
      })
      .join('|'),
  );
}
