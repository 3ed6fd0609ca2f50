import type { Service } from '../api/types';

type Services = ReadonlyMap<string, Service>;

/** What can be reached by following `next`, with the number of steps; never the start itself. */
function reach(start: string, next: (name: string) => readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  let frontier = [start];
  for (let steps = 1; frontier.length > 0; steps += 1) {
    const reached = new Set(frontier.flatMap(next));
    frontier = [...reached].filter((name) => name !== start && !found.has(name));
    for (const name of frontier) found.set(name, steps);
  }
  return found;
}

/** Everything a service stands on, also through others, with the number of steps. */
export function needsOf(name: string, services: Services): Map<string, number> {
  return reach(name, (each) => services.get(each)?.depends_on ?? []);
}

/** Everything that stands on a service, also through others: what suffers with it. */
export function blastRadius(name: string, services: Services): Map<string, number> {
  const dependents = new Map<string, string[]>();
  for (const service of services.values()) {
    for (const need of service.depends_on) dependents.set(need, [...(dependents.get(need) ?? []), service.name]);
  }
  return reach(name, (each) => dependents.get(each) ?? []);
}

/** A text that differs exactly when names or dependencies do. */
export function structureKey(services: Services): string {
  return [...services.values()]
    .map((service) => [service.name, ...service.depends_on].join('\t'))
    .sort()
    .join('\n');
}
