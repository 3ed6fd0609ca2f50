import { useMemo } from 'react';
import type { Service } from '../api/types';
import { useLive } from '../live/hooks';
import type { LiveState } from '../live/store';
import { arrange, arrangementKey, type Group } from '../state/order';

/** A selector that answers with the same object until names, groups or their order differ. */
export function arrangementSelector(query: string, pinDown: boolean): (state: LiveState) => readonly Group[] {
  let services: ReadonlyMap<string, Service> | null = null;
  let groups: readonly Group[] = [];
  return ({ view }) => {
    if (view.services === services) return groups;
    services = view.services;
    const fresh = arrange(services.values(), query, pinDown);
    if (arrangementKey(fresh) !== arrangementKey(groups)) groups = fresh;
    return groups;
  };
}

/** Which cards the page shows, in order. A delta that moves none of them draws nothing here. */
export function useArrangement(query: string, pinDown: boolean): readonly Group[] {
  return useLive(useMemo(() => arrangementSelector(query, pinDown), [query, pinDown]));
}
