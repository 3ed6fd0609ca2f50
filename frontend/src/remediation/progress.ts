import type { Service } from '../api/types';
import type { Plan } from './plan';

/** How many of the planned restarts show their effect in the live view. */
export function runProgress(
  plan: Plan,
  services: ReadonlyMap<string, Service>,
): { readonly answering: number; readonly total: number } {
  const answering = plan.restarts.filter((name) => services.get(name)?.status === 'UP').length;
  return { answering, total: plan.restarts.length };
}
