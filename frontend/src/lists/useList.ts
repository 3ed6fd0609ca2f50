import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { describe } from '../api/client';
import type { Filter, Page } from '../api/lists';
import type { Topic } from '../live/topics';
import { useTopic } from '../live/useTopic';

export interface List<T> {
  readonly items: readonly T[];
  readonly loading: boolean;
  /** Why it cannot be read now, or null. What was read before stays. */
  readonly problem: string | null;
  readonly more: (() => void) | null;
}

type Read<T> = (filter: Filter, cursor: string | null, signal: AbortSignal) => Promise<Page<T>>;

/** A filtered list that follows its topic. */
export function useList<T>(topic: Topic, filter: Filter, read: Read<T>): List<T> {
  useTopic(topic);
  const query = useInfiniteQuery({
    queryKey: [topic, 'list', filter],
    queryFn: ({ pageParam, signal }) => read(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  });
  return {
    items: useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]),
    loading: query.isPending,
    problem: query.error === null ? null : describe(query.error),
    more: query.hasNextPage && !query.isFetching ? () => void query.fetchNextPage() : null,
  };
}
