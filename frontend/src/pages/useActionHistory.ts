import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError, listActions, type ActionFilter } from '../api/client';
import type { Action } from '../api/types';

export interface ActionHistory {
  /** Newest first. */
  readonly actions: readonly Action[];
  readonly loading: boolean;
  /** Why older actions cannot be shown, or null. */
  readonly problem: string | null;
  readonly more: (() => void) | null;
}

function merged(live: readonly Action[], stored: readonly Action[]): Action[] {
  const byId = new Map([...stored, ...live].map((action) => [action.id, action]));
  return [...byId.values()].sort((left, right) => Date.parse(right.started_at) - Date.parse(left.started_at));
}

/** The stored action log with what happened since over the live connection laid on top. */
export function useActionHistory(filter: ActionFilter, live: readonly Action[]): ActionHistory {
  const query = useInfiniteQuery({
    queryKey: ['actions', filter],
    queryFn: ({ pageParam, signal }) => listActions(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const stored = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return {
    actions: useMemo(() => merged(live, stored), [live, stored]),
    loading: query.isPending,
    problem: query.error === null ? null : describe(query.error),
    more: query.hasNextPage && !query.isFetching ? () => void query.fetchNextPage() : null,
  };
}

function describe(error: Error): string {
  return error instanceof ApiError ? `${error.problem.title}. ${error.problem.detail ?? ''}`.trim() : String(error);
}
