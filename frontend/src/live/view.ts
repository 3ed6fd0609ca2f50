import type { Action, Delta, Dependency, Service, Snapshot, System } from '../api/types';
import type { Fault } from '../api/faults';

/** The panel's picture of the world at one revision. Never changed in place. */
export interface View {
  readonly revision: number;
  readonly services: ReadonlyMap<string, Service>;
  readonly system: System | null;
  readonly dependencies: readonly Dependency[];
  /** By service, newest last. */
  readonly actions: ReadonlyMap<string, readonly Action[]>;
  /** Faults that have not ended, by service; services without one are not in it. */
  readonly faults: ReadonlyMap<string, readonly Fault[]>;
}

export const ACTIONS_KEPT = 50;

export const EMPTY_VIEW: View = {
  revision: 0,
  services: new Map(),
  system: null,
  dependencies: [],
  actions: new Map(),
  faults: new Map(),
};

/** Sets each entry, keeping the map itself when there is nothing to set. */
function withEntries<V>(
  map: ReadonlyMap<string, V>,
  entries: readonly (readonly [string, V])[],
): ReadonlyMap<string, V> {
  return entries.length === 0 ? map : new Map([...map, ...entries]);
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The old object where nothing differs, so that what is drawn from it is not drawn again. */
function keepSame<V>(old: V | undefined, fresh: V): V {
  return old !== undefined && isSame(old, fresh) ? old : fresh;
}

/** A view from a snapshot; parts equal to `before` keep their identity. */
export function fromSnapshot(snapshot: Snapshot, before: View = EMPTY_VIEW): View {
  return {
    revision: snapshot.revision,
    services: new Map(snapshot.services.map((s) => [s.name, keepSame(before.services.get(s.name), s)])),
    system: keepSame(before.system, snapshot.system),
    dependencies: keepSame(before.dependencies, snapshot.dependencies),
    actions: new Map(
      Object.entries(snapshot.actions).map(([name, list]) => [name, keepSame(before.actions.get(name), list)]),
    ),
    faults: keepEach(before.faults, mergeFaults(new Map(), snapshot.faults)),
  };
}

/** Inserts an action or replaces the one with its id; oldest fall out beyond ACTIONS_KEPT. */
export function insertAction(list: readonly Action[], action: Action): readonly Action[] {
  const index = list.findIndex((known) => known.id === action.id);
  if (index >= 0) return list.with(index, action);
  return [...list, action].sort(byStart).slice(-ACTIONS_KEPT);
}

function byStart(left: Action, right: Action): number {
  return Date.parse(left.started_at) - Date.parse(right.started_at);
}

function mergeActions(actions: View['actions'], fresh: readonly Action[]): View['actions'] {
  const changed = new Map<string, readonly Action[]>();
  for (const action of fresh) {
    const list = changed.get(action.service) ?? actions.get(action.service) ?? [];
    changed.set(action.service, insertAction(list, action));
  }
  return withEntries(actions, [...changed]);
}

const ENDED = new Set<Fault['state']>(['undone', 'failed']);

/** Puts each fault in the place of its older revision, and takes out those that have ended. */
function mergeFaults(faults: View['faults'], fresh: readonly Fault[]): View['faults'] {
  if (fresh.length === 0) return faults;
  const merged = new Map(faults);
  for (const fault of fresh) {
    const others = (merged.get(fault.service) ?? []).filter((known) => known.id !== fault.id);
    const now = ENDED.has(fault.state) ? others : [...others, fault];
    if (now.length > 0) merged.set(fault.service, now);
    else merged.delete(fault.service);
  }
  return merged;
}

function keepEach<V>(before: ReadonlyMap<string, V>, fresh: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  return new Map([...fresh].map(([key, value]) => [key, keepSame(before.get(key), value)]));
}

function without(services: View['services'], removed: readonly string[]): View['services'] {
  if (removed.length === 0) return services;
  const left = new Map(services);
  for (const name of removed) left.delete(name);
  return left;
}

export type Applied = { kind: 'applied'; view: View } | { kind: 'stale' } | { kind: 'gap' };

/**
 * The next view, or why there is none: `stale` when the delta is already contained,
 * `gap` when one before it is missing and a snapshot must be asked for.
 */
export function applyDelta(view: View, delta: Delta): Applied {
  if (delta.revision <= view.revision) return { kind: 'stale' };
  if (delta.revision !== view.revision + 1) return { kind: 'gap' };
  const services = withEntries(
    view.services,
    (delta.services ?? []).map((service) => [service.name, service] as const),
  );
  return {
    kind: 'applied',
    view: {
      revision: delta.revision,
      services: without(services, delta.removed ?? []),
      system: delta.system ?? view.system,
      dependencies: delta.dependencies ?? view.dependencies,
      actions: mergeActions(view.actions, delta.actions ?? []),
      faults: mergeFaults(view.faults, delta.faults ?? []),
    },
  };
}
