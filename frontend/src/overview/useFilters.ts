import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

export interface Filters {
  readonly query: string;
  readonly pinDown: boolean;
  readonly setQuery: (query: string) => void;
  readonly setPinDown: (pinDown: boolean) => void;
}

/** The page's filters; they live in the address, so that back, reload and sharing keep them. */
export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (key: string, value: string) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (value === '') after.delete(key);
          else after.set(key, value);
          return after;
        },
        { replace: true },
      ),
    [setParams],
  );
  return {
    query: params.get('q') ?? '',
    pinDown: params.get('pin') === 'down',
    setQuery: useCallback((query) => set('q', query), [set]),
    setPinDown: useCallback((pinDown) => set('pin', pinDown ? 'down' : ''), [set]),
  };
}
