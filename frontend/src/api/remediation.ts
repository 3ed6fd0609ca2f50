import { post, request } from './client';

export type Remedy = 'restart' | 'start' | 'recreate' | 'escalate';

/** One remediation policy; durations are seconds. */
export interface Policy {
  name: string;
  states: ('down' | 'unhealthy' | 'crash_loop' | 'hung')[];
  /** Empty: every one. */
  services: string[];
  groups: string[];
  actions: Remedy[];
  attempts: number;
  window_seconds: number;
  breaker_failures: number;
  breaker_rest_seconds: number;
  backoff_first_seconds: number;
  backoff_factor: number;
  backoff_longest_seconds: number;
  stable_after_seconds: number;
  start_period_seconds: number;
  probes: number;
  approval: boolean;
  during_faults: 'heal' | 'ignore' | 'score';
}

/** What a policy speaks for. */
export type Matched = Pick<Policy, 'states' | 'services' | 'groups'>;

/** A policy file that is not valid, and what holds instead. */
export interface PolicyProblem {
  file: string;
  line: number;
  expected: string;
  in_force: string;
}

/** What automation remembers of a service. */
export interface Breaker {
  service: string;
  state: 'closed' | 'open' | 'half_open';
  rest_until: string | null;
  reason: string;
  attempts: number;
  attempts_in_a_row: number;
  failures_in_a_row: number;
  last_attempt_at: string | null;
  escalated: boolean;
}

export interface Policies {
  policies: Policy[];
  problems: PolicyProblem[];
  breakers: Breaker[];
}

export const DECISION_KINDS = [
  'acted',
  'healed',
  'failed',
  'waited',
  'left',
  'asked',
  'approved',
  'refused',
  'escalated',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

export interface Decision {
  id: string;
  /** ISO 8601. */
  at: string;
  service: string;
  kind: DecisionKind;
  reason: string;
  /** A person, or `backend`. */
  by: string;
  /** Null: the operator's button. */
  policy: string | null;
  remedy: Remedy | null;
  run_id: string | null;
}

export interface DecisionPage {
  items: Decision[];
  next_cursor: string | null;
}

/** A remedy that waits for a person. */
export interface Approval {
  id: string;
  service: string;
  policy: string;
  remedy: Remedy;
  reason: string;
  asked_at: string;
  expires_at: string;
  answer: 'approve' | 'refuse' | null;
  answered_by: string | null;
}

export interface DecisionFilter {
  service?: string | undefined;
  kind?: string | undefined;
}

export function readPolicies(signal: AbortSignal): Promise<Policies> {
  return request('/api/v1/policies', { signal });
}

export function listApprovals(signal: AbortSignal): Promise<{ items: Approval[] }> {
  return request('/api/v1/approvals', { signal });
}

/** Throws ApiError, also when somebody else has answered meanwhile. */
export function answerApproval(id: string, answer: 'approve' | 'refuse'): Promise<Approval> {
  return post(`/api/v1/approvals/${id}`, { answer });
}

/** One page of decisions, newest first. */
export function listDecisions(
  filter: DecisionFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<DecisionPage> {
  const query = new URLSearchParams({ limit: '50' });
  if (filter.service !== undefined) query.set('service', filter.service);
  if (filter.kind !== undefined) query.set('kind', filter.kind);
  if (cursor !== null) query.set('cursor', cursor);
  return request(`/api/v1/decisions?${query.toString()}`, { signal });
}
