import { servicePath } from '../api/client';
import type { Happening, HappeningKind } from '../api/story';
import { faultName } from '../faults/words';
import { briefly } from '../time/format';

export const KIND_WORDS: Record<HappeningKind, string> = {
  action: 'ACTION',
  fault: 'FAULT',
  decision: 'REMEDIATION',
  experiment: 'EXPERIMENT',
};

/** What remediation decided, said of the service. */
const DECISIONS: Readonly<Record<string, string>> = {
  acted: 'is treated',
  failed: 'was treated in vain',
  waited: 'waits',
  left: 'is left alone',
  asked: 'waits for approval',
  approved: 'is approved',
  refused: 'is refused',
};

/** What was done to whom: "pause on redis", "restart redis". */
export function sentenceOf({ kind, what, service }: Happening): string {
  if (kind === 'fault') return `${faultName(what)} on ${service}`;
  return kind === 'decision' ? `${service} ${DECISIONS[what] ?? what}` : `${what} ${service}`.trim();
}

/** The page that tells more of it. */
export function placeOf({ kind, service, what, run_id: run }: Happening): string {
  if (run !== null) return `/runs/${run}`;
  if (kind === 'action') return `/audit?${new URLSearchParams({ service, verb: what }).toString()}`;
  if (kind === 'decision') return `/remediation?${new URLSearchParams({ service }).toString()}`;
  return `/services/${servicePath(service)}?tab=actions`;
}

/** When it was, seen from the beginning of the incident: "12 s before", "3 min after". */
export function sinceOpening(at: string, opened: string): string {
  const seconds = (Date.parse(at) - Date.parse(opened)) / 1_000;
  return `${briefly(Math.abs(seconds))} ${seconds < 0 ? 'before' : 'after'}`;
}
