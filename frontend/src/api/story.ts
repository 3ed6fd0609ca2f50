import { request } from './client';
import type { ServiceState } from './types';

export type HappeningKind = 'action' | 'fault' | 'decision' | 'experiment';

/** One thing that was done to a service. */
export interface Happening {
  readonly kind: HappeningKind;
  readonly id: string;
  readonly at: string;
  readonly ended_at: string | null;
  /** Empty for an experiment. */
  readonly service: string;
  readonly what: string;
  /** Empty for a decision. */
  readonly outcome: string;
  readonly by: string;
  readonly text: string;
  readonly run_id: string | null;
}

export type Role = 'affected' | 'upstream' | 'downstream';

export interface Related {
  readonly services: Readonly<Record<string, Role>>;
  /** Newest first. */
  readonly items: readonly Happening[];
  readonly next_cursor: string | null;
}

export interface ServiceEvidence {
  readonly name: string;
  readonly role: Role;
  readonly status: 'UP' | 'DOWN';
  readonly state: ServiceState;
  readonly exit_code: number | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly image: string;
  readonly log: readonly string[];
}

export interface Evidence {
  readonly moment: 'opened' | 'resolved';
  readonly taken_at: string;
  readonly services: readonly ServiceEvidence[];
  readonly happenings: readonly Happening[];
}

const at = (reference: string, part: string): string => `/api/v1/incidents/${encodeURIComponent(reference)}/${part}`;

/** What was done at the time of an incident, page by page. */
export function readRelated(reference: string, cursor: string | null, signal: AbortSignal): Promise<Related> {
  const query = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
  return request(`${at(reference, 'related')}${query}`, { signal });
}

/** What was known when an incident opened and when it was resolved. */
export async function readEvidence(reference: string, signal: AbortSignal): Promise<readonly Evidence[]> {
  const list = await request<{ items: readonly Evidence[] }>(at(reference, 'evidence'), { signal });
  return list.items;
}
