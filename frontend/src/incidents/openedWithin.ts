import { listIncidents, type Incident } from '../api/incidents';
import type { Filter, Page } from '../api/lists';

/** How long ago an incident may have been opened, in hours; none means at any time. */
export const PERIODS = [
  { value: '', label: 'at any time' },
  { value: '1', label: 'within an hour' },
  { value: '24', label: 'within a day' },
  { value: '168', label: 'within 7 days' },
  { value: '720', label: 'within 30 days' },
];

/** As `listIncidents`; `within_hours` counts back from now. */
export function listOpenedWithin(filter: Filter, cursor: string | null, signal: AbortSignal): Promise<Page<Incident>> {
  const { within_hours: hours = [], ...others } = filter;
  const since = hours.map((each) => new Date(Date.now() - Number(each) * 3_600_000).toISOString());
  return listIncidents({ ...others, since }, cursor, signal);
}
