import { useEffect } from 'react';
import type { Incident } from '../api/incidents';
import { STEPS } from './words';
import type { Steps } from './useSteps';

const KEYS = { a: 'acknowledged', r: 'resolved' } as const;

/** Whether a key means something else now: somebody types, or something lies above the page. */
export function isBusyElsewhere(target: EventTarget | null): boolean {
  const typing =
    target instanceof HTMLElement && target.closest('input:not([type="checkbox"]), textarea, select') !== null;
  return typing || document.querySelector('[role="dialog"], [role="menu"]') !== null;
}

/** `a` acknowledges and `r` resolves the incident that `chosen` gives. */
export function useStepKeys(chosen: () => Incident | undefined, steps: Steps): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!(event.key === 'a' || event.key === 'r') || isBusyElsewhere(event.target)) return;
      const incident = chosen();
      const to = KEYS[event.key];
      if (incident === undefined || !STEPS[incident.status].some((step) => step.to === to)) return;
      event.preventDefault();
      steps.edit(incident.id, { status: to });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [chosen, steps]);
}
