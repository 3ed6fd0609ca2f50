import { request } from './client';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** Values by key: any of them; what is empty means any. */
export type Filter = Readonly<Record<string, readonly string[]>>;

/** One page of a list, from a cursor on. */
export function readPage<T>(
  path: string,
  filter: Filter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<T>> {
  const query = new URLSearchParams({ limit: '50' });
  for (const [key, values] of Object.entries(filter)) for (const value of values) query.append(key, value);
  if (cursor !== null) query.set('cursor', cursor);
  return request(`${path}?${query.toString()}`, { signal });
}
