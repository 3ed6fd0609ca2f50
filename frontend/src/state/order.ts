import type { Service } from '../api/types';
import { needsAttention, read } from './language';

export interface Group {
  readonly name: string;
  readonly services: readonly string[];
}

const ATTENTION = 'Needs attention';
/** Our own groups lead, in the order the stack is built; foreign ones follow by name. */
const KNOWN_GROUPS = ['app', 'data', 'monitoring'];

function groupRank(name: string): number {
  const rank = KNOWN_GROUPS.indexOf(name);
  return rank < 0 ? KNOWN_GROUPS.length : rank;
}

function byGroupThenName(left: Service, right: Service): number {
  return (
    groupRank(left.group) - groupRank(right.group) ||
    left.group.localeCompare(right.group) ||
    left.name.localeCompare(right.name)
  );
}

/** Whether every word typed is somewhere in what the card says. */
export function matches(service: Service, query: string): boolean {
  const text = [service.name, service.group, service.project, service.image, read(service).word, service.state]
    .join(' ')
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Names in the order of the page, under their headings. Stable: state moves nothing unless `pinDown`. */
export function arrange(services: Iterable<Service>, query: string, pinDown: boolean): Group[] {
  const groups = new Map<string, string[]>();
  const shown = [...services].filter((service) => matches(service, query)).sort(byGroupThenName);
  const attention = (service: Service): boolean => pinDown && needsAttention(read(service).look);
  const pinned = shown.filter(attention).map((service) => service.name);
  if (pinned.length > 0) groups.set(ATTENTION, pinned);
  for (const service of shown.filter((each) => !attention(each))) {
    groups.set(service.group, [...(groups.get(service.group) ?? []), service.name]);
  }
  return [...groups].map(([name, names]) => ({ name, services: names }));
}

/** A short text that differs exactly when the arrangement does. */
export function arrangementKey(groups: readonly Group[]): string {
  return groups.map((group) => `${group.name}\n${group.services.join('\t')}`).join('\n\n');
}
