import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { useTypedParam } from '../keys/useTypedParam';

export interface Filters {
  readonly query: string;
  readonly pinDown: boolean;
  readonly setQuery: (query: string) => void;
  readonly setPinDown: (pinDown: boolean) => void;
}

/** The page's filters; they live in the address, so that back, reload and sharing keep them. */
export function useFilters(): Filters {
  const [query, setQuery] = useTypedParam('q');
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
    query,
    pinDown: params.get('pin') === 'down',
    setQuery,
    setPinDown: useCallback((pinDown) => set('pin', pinDown ? 'down' : ''), [set]),
  };
}
