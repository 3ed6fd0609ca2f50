import type { Action, Remediation } from '../api/types';
import type { Plan, Skip } from './plan';

/**
 * Why each skipped service was left alone: as the plan had it, else as the run itself explained it in the
 * action log.
 */
export function skipsOf(
  answer: Remediation,
  plan: Plan,
  actions: ReadonlyMap<string, readonly Action[]>,
): readonly Skip[] {
  return answer.services_skipped.map((service) => ({
    service,
    reason:
      plan.skips.find((skip) => skip.service === service)?.reason ??
      actions.get(service)?.findLast((action) => action.verb === 'remediate')?.message ??
      'see its action log',
  }));
}
