/** The zone of this browser. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every IANA zone that this browser knows, with these. */
export function zonesWith(...others: readonly string[]): string[] {
  return [...new Set(['UTC', HERE, ...others, ...Intl.supportedValuesOf('timeZone')])];
}

/** What a clock on the wall shows in a zone, as fields for date and time have it: "2026-01-05T09:00". */
export function wallClock(at: Date, zone: string = HERE): string {
  // Swedish writes dates as ISO 8601 does.
  return at.toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T').slice(0, 16);
}

/** The instant at which this browser's clock shows it; null while it is no time. */
export function instantOf(wall: string): string | null {
  const at = new Date(wall);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
