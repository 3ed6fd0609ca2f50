import type { Probe, Tolerance } from '../api/experiments';

/** As ISO 8601 counts them, from Monday. */
export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What a probe asks, in one line. */
export function asked(probe: Probe): string {
  switch (probe.type) {
    case 'service':
      return `ping ${probe.service}`;
    case 'http':
      return `GET ${probe.url}`;
    case 'promql':
    case 'sql':
      return `${probe.type}: ${probe.query}`;
  }
}

/** What a probe tolerates, in words. */
export function tolerated(tolerance: Tolerance): string {
  if (Array.isArray(tolerance)) return `one of ${tolerance.join(', ')}`;
  if (tolerance === null || typeof tolerance !== 'object') return `must be ${String(tolerance)}`;
  return tolerance.type === 'range'
    ? `from ${tolerance.range[0]} to ${tolerance.range[1]}`
    : `must match ${tolerance.pattern}`;
}
