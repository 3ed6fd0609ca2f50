import type { Service } from '../api/types';
import { needsOf } from '../topology/graph';

export interface Skip {
  readonly service: string;
  /** The end of a sentence: "it is protected". */
  readonly reason: string;
}

/** What a run would do now. The backend decides anew when it runs; this shows the same rule beforehand. */
export interface Plan {
  /** In the order of their restarts. */
  readonly restarts: readonly string[];
  readonly skips: readonly Skip[];
}

function reasonToSkip(service: Service): string | null {
  if (service.state === 'unknown') return 'its state is unknown while the engine is away';
  return service.protected ? 'it is protected' : null;
}

function byDownSince(left: Service, right: Service): number {
  const since = (service: Service): number => (service.finished_at === null ? 0 : Date.parse(service.finished_at));
  return since(left) - since(right) || (left.name < right.name ? -1 : 1);
}

/** Each after what it stands on; between equals the longest DOWN first, then by name. Loops come last. */
function inOrder(chosen: readonly Service[], services: ReadonlyMap<string, Service>): string[] {
  const names = new Set(chosen.map((service) => service.name));
  const waiting = new Map(
    chosen.map((service) => [
      service,
      new Set([...needsOf(service.name, services).keys()].filter((need) => names.has(need))),
    ]),
  );
  const ordered: string[] = [];
  for (;;) {
    const ready = [...waiting].filter(([, needs]) => needs.size === 0).map(([service]) => service);
    const next = ready.sort(byDownSince)[0];
    if (next === undefined) break;
    ordered.push(next.name);
    waiting.delete(next);
    for (const needs of waiting.values()) needs.delete(next.name);
  }
  return [...ordered, ...[...waiting.keys()].map((service) => service.name).sort()];
}

/** What would be restarted, in which order, and what would be left alone and why. */
export function planRemediation(services: ReadonlyMap<string, Service>): Plan {
  const down = [...services.values()].filter((service) => service.status === 'DOWN');
  const chosen = down.filter((service) => reasonToSkip(service) === null);
  const skips = down.flatMap((service) => {
    const reason = reasonToSkip(service);
    return reason === null ? [] : [{ service: service.name, reason }];
  });
  return {
    restarts: inOrder(chosen, services),
    skips: skips.sort((left, right) => (left.service < right.service ? -1 : 1)),
  };
}
