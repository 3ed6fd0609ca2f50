import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Filter } from '../api/lists';

/** Filters that live in the address, several values of a key side by side. */
export function useFilter(
  keys: readonly string[],
): readonly [Filter, (key: string, values: readonly string[]) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const filter = useMemo(() => {
    const given = new URLSearchParams(text);
    return Object.fromEntries(keys.map((key) => [key, given.getAll(key)]));
  }, [text, keys]);
  const set = (key: string, values: readonly string[]): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete(key);
        for (const value of values) after.append(key, value);
        return after;
      },
      { replace: true },
    );
  return [filter, set];
}
