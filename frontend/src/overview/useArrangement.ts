import { useMemo, useState } from 'react';
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

export interface Arrangement {
  readonly groups: readonly Group[];
  /** The order is kept though it has changed since. */
  readonly held: boolean;
}

/**
 * Which cards the page shows, in order. A delta that moves none of them draws nothing here. While the cards
 * are `occupied` (a pointer or the focus is among them) none that is pinned moves under somebody's hand.
 */
export function useArrangement(query: string, pinDown: boolean, occupied: boolean): Arrangement {
  const fresh = useLive(useMemo(() => arrangementSelector(query, pinDown), [query, pinDown]));
  const asked = `${query}\n${pinDown}`;
  const [kept, setKept] = useState({ asked, groups: fresh });
  const hold = occupied && pinDown && kept.asked === asked && kept.groups.length > 0;
  if (!hold && (kept.groups !== fresh || kept.asked !== asked)) setKept({ asked, groups: fresh });
  return { groups: hold ? kept.groups : fresh, held: hold && kept.groups !== fresh };
}
