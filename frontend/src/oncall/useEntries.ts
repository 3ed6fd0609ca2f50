import { useMutation, useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/client';
import { listEntries, readCurrent, type OnCallShift, type EntryAt, type EntryPath } from '../api/oncall';
import { useTopic } from '../live/useTopic';

/** Handoffs come by the clock, not by an event. */
const HANDOFF_MS = 30_000;

export interface Entries<T> {
  readonly items: readonly T[];
  readonly loading: boolean;
  readonly problem: string | null;
}

const sentence = (error: Error | null): string | null =>
  error && (error instanceof ApiError ? error.message : 'No answer');

/** The entries of one kind, kept current. */
export function useEntries<P extends EntryPath>(path: P): Entries<EntryAt<P>> {
  useTopic('oncall');
  const query = useQuery({ queryKey: ['oncall', path], queryFn: ({ signal }) => listEntries(path, signal) });
  return { items: query.data ?? [], loading: query.isPending, problem: sentence(query.error) };
}

/** Who is on call now, schedule by schedule; undefined until it is known. */
export function useCurrent(): readonly OnCallShift[] | undefined {
  useTopic('oncall');
  const query = useQuery({
    queryKey: ['oncall', 'current'],
    queryFn: ({ signal }) => readCurrent(signal),
    refetchInterval: HANDOFF_MS,
    select: ({ on_call }) => [...on_call],
  });
  return query.data;
}

export interface Change<T> {
  readonly run: (what: T) => void;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly problem: string | null;
}

/** A write; what it changed comes back over the live topic. */
export function useChange<T>(write: (what: T) => Promise<unknown>, done: () => void = () => undefined): Change<T> {
  const { mutate, isPending, error } = useMutation({ mutationFn: write, onSuccess: done });
  return { run: mutate, busy: isPending, error, problem: sentence(error) };
}
