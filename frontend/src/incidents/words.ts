import type { IncidentStatus, Severity } from '../api/incidents';
import type { Look } from '../state/language';

export const SEVERITY_LOOKS: Record<Severity, Look> = {
  critical: 'down',
  high: 'unhealthy',
  medium: 'busy',
  low: 'paused',
};

export const SEVERITY_WORDS: Record<Severity, string> = {
  critical: 'SEV-1 critical',
  high: 'SEV-2 high',
  medium: 'SEV-3 medium',
  low: 'SEV-4 low',
};

export const STATUS_LOOKS: Record<IncidentStatus, Look> = {
  open: 'down',
  acknowledged: 'unhealthy',
  in_progress: 'busy',
  resolved: 'up',
};

export const STATUS_WORDS: Record<IncidentStatus, string> = {
  open: 'OPEN',
  acknowledged: 'ACKNOWLEDGED',
  in_progress: 'IN PROGRESS',
  resolved: 'RESOLVED',
};

/** The next steps that the status machine has, and what their buttons say. */
export const STEPS: Record<IncidentStatus, readonly { readonly to: IncidentStatus; readonly label: string }[]> = {
  open: [
    { to: 'acknowledged', label: 'Acknowledge' },
    { to: 'resolved', label: 'Resolve' },
  ],
  acknowledged: [
    { to: 'in_progress', label: 'Start work' },
    { to: 'resolved', label: 'Resolve' },
  ],
  in_progress: [{ to: 'resolved', label: 'Resolve' }],
  resolved: [],
};

const UNITS: readonly [number, string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** A time to answer or to repair: "45 s", "2 min 5 s", "3 h 10 min"; a dash while there is none. */
export function span(seconds: number | null): string {
  if (seconds === null) return '–';
  const whole = Math.round(seconds);
  const at = UNITS.findIndex(([size]) => whole >= size);
  if (at < 0) return '0 s';
  const parts = UNITS.slice(at, at + 2).map(([size, unit], place) => {
    const value = place === 0 ? Math.floor(whole / size) : Math.floor((whole % (UNITS[at]?.[0] ?? 1)) / size);
    return value === 0 && place > 0 ? '' : `${value} ${unit}`;
  });
  return parts.filter(Boolean).join(' ');
}
