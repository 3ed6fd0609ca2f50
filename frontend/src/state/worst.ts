import type { Service } from '../api/types';
import { read, SEVERITY, type Look } from './language';

export interface Worst {
  readonly look: Look;
  /** As in "2 down" or "All 9 up". */
  readonly text: string;
}

const NOUNS: Partial<Record<Look, string>> = {
  unknown: 'unknown',
  misconfigured: 'misconfigured',
  degraded: 'degraded',
  busy: 'changing',
};

/** One statement about all services: DOWN counts first, then what is doubtful, then all is well. */
export function worstOf(services: Iterable<Service>): Worst {
  const all = [...services];
  if (all.length === 0) return { look: 'unknown', text: 'No services' };
  const looks = all.map((service) => read(service).look);
  const down = all.filter((service) => service.status === 'DOWN' && service.state !== 'unknown');
  if (down.length > 0) {
    const downLooks = new Set(down.map((service) => read(service).look));
    return { look: SEVERITY.find((look) => downLooks.has(look)) ?? 'down', text: `${down.length} down` };
  }
  const worst = SEVERITY.find((look) => looks.includes(look)) ?? 'up';
  const noun = NOUNS[worst];
  if (noun === undefined) return { look: 'up', text: `All ${all.length} up` };
  return { look: worst, text: `${looks.filter((look) => look === worst).length} ${noun}` };
}
