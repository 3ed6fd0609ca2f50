import type { Fault } from '../api/faults';
import { briefly } from '../time/format';

/** "packet loss". */
export function faultName(kind: string): string {
  return kind.replaceAll('_', ' ');
}

/** What is left of its lease, or what happens to it: "24 s", "beginning", "ending". */
export function countdown(fault: Fault, now: number): string {
  if (fault.state === 'undoing') return 'ending';
  if (fault.state !== 'active' || fault.ends_at === null) return 'beginning';
  return briefly((Date.parse(fault.ends_at) - now) / 1_000);
}

/** The one whose lease ends first. */
export function nearest(faults: readonly Fault[]): Fault | undefined {
  return faults.toSorted((left, right) => endOf(left) - endOf(right))[0];
}

function endOf(fault: Fault): number {
  return fault.ends_at === null ? Infinity : Date.parse(fault.ends_at);
}

/** Asked and found, for those who want to know: "100 milliseconds · measured: 99.7 milliseconds · nfqueue". */
export function details(fault: Fault): string {
  const asked = pairs(fault.parameters);
  const found = pairs(fault.measured);
  return [asked, found && `measured: ${found}`, fault.mechanism].filter(Boolean).join(' · ');
}

function pairs(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => `${faultName(name)} ${String(value)}`)
    .join(', ');
}
