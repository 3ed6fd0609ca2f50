import type { ContainerDetails } from '../api/types';
import { exactTime } from '../time/format';

export interface Replica {
  readonly status: string;
  readonly health: string;
  readonly started: string;
  readonly restarts: string;
  readonly addresses: string;
}

type Json = Record<string, unknown>;

/** A member of a foreign description, however it is shaped. */
function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? (part as Json)[key] : null),
    value,
  );
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** What the table says of one container; blank where the engine does not tell. */
export function replicaOf({ status, details }: ContainerDetails): Replica {
  const code = text(at(details, 'State', 'ExitCode'));
  const started = text(at(details, 'State', 'StartedAt'));
  const networks = at(details, 'NetworkSettings', 'Networks');
  const addresses = Object.values((networks ?? {}) as Json).map((network) => text(at(network, 'IPAddress')));
  return {
    status: status === 'exited' && code !== '' ? `exited (${code})` : status,
    health: text(at(details, 'State', 'Health', 'Status')),
    started: started === '' || started.startsWith('0001') ? '' : exactTime(started),
    restarts: text(at(details, 'RestartCount')),
    addresses: addresses.filter(Boolean).join(', '),
  };
}
