import type { Service } from '../api/types';
import { read, SEVERITY, type Look } from './language';

export interface Worst {
  readonly look: Look;
  /** As in "2 down" or "All 9 up". */
  readonly text: string;
}

const NOUNS: Record<Exclude<Look, 'up'>, string> = {
  looping: 'down',
  down: 'down',
  unhealthy: 'unhealthy',
  paused: 'paused',
  unknown: 'unknown',
  misconfigured: 'misconfigured',
  degraded: 'degraded',
  busy: 'changing',
};

/**
 * One statement about all services: DOWN counts first, then what is doubtful, then all is well.
 * A service that an action is bringing down or up is changing, not down.
 */
export function worstOf(services: Iterable<Service>): Worst {
  const all = [...services];
  if (all.length === 0) return { look: 'unknown', text: 'No services' };
  const looks = all.map((service) => read(service).look);
  const downLooks = all.filter(isDown).map((service) => read(service).look);
  if (downLooks.length > 0) {
    return { look: worstLook(downLooks), text: `${downLooks.length} down` };
  }
  const worst = worstLook(looks);
  if (worst === 'up') return { look: 'up', text: `All ${all.length} up` };
  return { look: worst, text: `${looks.filter((look) => look === worst).length} ${NOUNS[worst]}` };
}

function isDown(service: Service): boolean {
  const { look } = read(service);
  return service.status === 'DOWN' && look !== 'unknown' && look !== 'busy';
}

function worstLook(looks: readonly Look[]): Look {
  return SEVERITY.find((look) => looks.includes(look)) ?? 'up';
}
