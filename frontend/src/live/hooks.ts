import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { Action, Dependency, Service, System } from '../api/types';
import type { Fault } from '../api/faults';
import type { LogSource } from './connection';
import type { Sample } from './stats';
import type { LinkStatus, LiveState, LiveStore } from './store';
import type { TopicSource } from './topics';
import type { Watchlist } from './watchlist';

export interface Live {
  readonly logs: LogSource;
  readonly store: LiveStore;
  readonly topics: TopicSource;
  readonly watchlist: Watchlist;
}

export const LiveContext = createContext<Live | null>(null);

function useLiveContext(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('LiveContext is missing above this component');
  return live;
}

/**
 * The selected part of the live state. `select` must return the same object while nothing it reads
 * has changed: that is what keeps a delta from drawing more than its own cards.
 */
export function useLive<T>(select: (state: LiveState) => T): T {
  const { store } = useLiveContext();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

const NO_ACTIONS: readonly Action[] = [];
const NO_FAULTS: readonly Fault[] = [];
const NO_SAMPLES: readonly Sample[] = [];

export const useLink = (): LinkStatus => useLive((state) => state.link);
export const useSystem = (): System | null => useLive((state) => state.view.system);
export const useDependencies = (): readonly Dependency[] => useLive((state) => state.view.dependencies);
export const useServices = (): ReadonlyMap<string, Service> => useLive((state) => state.view.services);
export const useService = (name: string): Service | undefined => useLive((state) => state.view.services.get(name));
export const useActions = (name: string): readonly Action[] =>
  useLive((state) => state.view.actions.get(name) ?? NO_ACTIONS);
export const useSamples = (name: string): readonly Sample[] =>
  useLive((state) => state.history.get(name) ?? NO_SAMPLES);

export const useFaultsOn = (name: string): readonly Fault[] =>
  useLive((state) => state.view.faults.get(name) ?? NO_FAULTS);
export const useFaults = (): ReadonlyMap<string, readonly Fault[]> => useLive((state) => state.view.faults);

/** Asks for the stats of a service while it is drawn and `visible`. */
export function useWatched(name: string, visible: boolean): void {
  const { watchlist } = useLiveContext();
  useEffect(() => (visible ? watchlist.add(name) : undefined), [watchlist, name, visible]);
}

/** The store itself, for what must read the newest state at the time of an event. */
export const useLiveStore = (): LiveStore => useLiveContext().store;

/** Where container logs come from. */
export const useLogSource = (): LogSource => useLiveContext().logs;

/** Who tells what changed. */
export const useTopicSource = (): TopicSource => useLiveContext().topics;
