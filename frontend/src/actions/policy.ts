import type { LoggedVerb, Service, ServiceState, Verb } from '../api/types';
import type { LinkStatus } from '../live/store';

const RUNS: readonly ServiceState[] = ['running', 'starting', 'unhealthy', 'hung'];
const IS_OFF: readonly ServiceState[] = ['exited', 'dead', 'created'];
const TAKES_DOWN: readonly Verb[] = ['stop', 'kill', 'pause'];

export const VERB_LABELS: Record<LoggedVerb, string> = {
  ping: 'Ping',
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  recreate: 'Recreate',
  kill: 'Kill',
  pause: 'Pause',
  unpause: 'Unpause',
  remediate: 'Remediation',
};

export const VERBS: readonly Verb[] = ['ping', 'start', 'stop', 'restart', 'kill', 'pause', 'unpause'];

function stateObjection(verb: Verb, state: ServiceState): string | null {
  if (verb === 'ping') return null;
  if (state === 'unknown') return 'The engine is not reachable';
  if (verb === 'unpause') return state === 'paused' ? null : 'It is not paused';
  if (verb === 'start' && state === 'paused') return 'It is paused: unpause it instead';
  if (verb === 'start' && RUNS.includes(state)) return 'It already runs';
  if (TAKES_DOWN.includes(verb) && IS_OFF.includes(state)) return 'It does not run';
  if (verb === 'pause' && state === 'paused') return 'It is already paused';
  return null;
}

/** Why a verb cannot be asked for now, in words for the button's tooltip; null when it can. */
export function objection(verb: Verb, service: Service, link: LinkStatus): string | null {
  if (link !== 'live') return 'No connection to the backend';
  if (service.busy !== null) return `${VERB_LABELS[service.busy]} is running`;
  if (service.protected && TAKES_DOWN.includes(verb)) return 'Protected: it may be restarted, not stopped';
  return stateObjection(verb, service.state);
}

/** Services that declare that they depend on `name`, by name. */
export function dependentsOf(name: string, services: Iterable<Service>): Service[] {
  return [...services]
    .filter((service) => service.name !== name && service.depends_on.includes(name))
    .sort((left, right) => left.name.localeCompare(right.name));
}

/** Whether the effect is shown and confirmed first: a kill always, else when others depend on it. */
export function needsConfirmation(verb: Verb, dependents: readonly Service[]): boolean {
  return verb === 'kill' || (TAKES_DOWN.includes(verb) && dependents.length > 0);
}
