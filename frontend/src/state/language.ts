import type { LoggedVerb, Service, ServiceState } from '../api/types';

/** What a LED can say. One word list for card, table, chip, palette and chart. */
export type Look =
  'up' | 'busy' | 'degraded' | 'unhealthy' | 'down' | 'looping' | 'paused' | 'unknown' | 'misconfigured';

export interface Reading {
  readonly look: Look;
  /** The word beside the icon. */
  readonly word: string;
  /** What the word alone does not tell, or null. */
  readonly detail: string | null;
}

const BUSY_WORDS: Record<Exclude<LoggedVerb, 'ping'>, string> = {
  start: 'STARTING',
  stop: 'STOPPING',
  restart: 'RESTARTING',
  recreate: 'RECREATING',
  kill: 'KILLING',
  pause: 'PAUSING',
  unpause: 'RESUMING',
  remediate: 'HEALING',
};

const WORDS: Record<Exclude<Look, 'busy'>, string> = {
  up: 'UP',
  degraded: 'DEGRADED',
  unhealthy: 'UNHEALTHY',
  down: 'DOWN',
  looping: 'LOOPING',
  paused: 'PAUSED',
  unknown: 'UNKNOWN',
  misconfigured: 'MISCONFIGURED',
};

const LOOKS: Record<Exclude<ServiceState, 'starting'>, Exclude<Look, 'busy'>> = {
  running: 'up',
  degraded: 'degraded',
  unhealthy: 'unhealthy',
  hung: 'unhealthy',
  exited: 'down',
  dead: 'down',
  created: 'down',
  crash_loop: 'looping',
  paused: 'paused',
  unknown: 'unknown',
};

function endDetail(service: Service): string | null {
  if (service.wish === 'stopped') return 'stopped on purpose';
  return service.exit_code === null ? null : `exit code ${service.exit_code}`;
}

function detailOf(service: Service): string | null {
  switch (service.state) {
    case 'exited':
      return endDetail(service);
    case 'created':
      return 'never started';
    case 'dead':
      return 'container is dead';
    case 'hung':
      return 'hung: does not answer its probe';
    case 'unhealthy':
      return 'its probe fails';
    case 'crash_loop':
      return service.exit_code === null ? 'starts and dies again' : `dies with exit code ${service.exit_code}`;
    case 'degraded':
      return `${service.replicas.running} of ${service.replicas.total} replicas run`;
    case 'unknown':
      return `engine not reachable, last seen ${service.status}`;
    case 'starting':
      return 'within its start period';
    case 'running':
    case 'paused':
      return null;
  }
}

/** How a state reads by itself, whatever is done about it. */
export function readState(state: ServiceState): Pick<Reading, 'look' | 'word'> {
  if (state === 'starting') return { look: 'busy', word: 'STARTING' };
  // A state that this version has no word for yet must not read as healthy.
  const look = (LOOKS as Partial<Record<ServiceState, Exclude<Look, 'busy'>>>)[state] ?? 'unknown';
  return { look, word: WORDS[look] };
}

/** How a service reads: the action that runs first, then what is wrong with it, then its state. */
export function read(service: Service): Reading {
  if (service.busy !== null && service.busy !== 'ping') {
    return { look: 'busy', word: BUSY_WORDS[service.busy], detail: null };
  }
  if (service.misconfigured !== null) {
    return { look: 'misconfigured', word: WORDS.misconfigured, detail: service.misconfigured };
  }
  return { ...readState(service.state), detail: detailOf(service) };
}

/** Worst first. */
export const SEVERITY: readonly Look[] = [
  'looping',
  'down',
  'unhealthy',
  'paused',
  'unknown',
  'misconfigured',
  'degraded',
  'busy',
  'up',
];

/** Whether somebody should look at it: drawn loud, and pinned first on request. */
export function needsAttention(look: Look): boolean {
  return look !== 'up' && look !== 'busy';
}
