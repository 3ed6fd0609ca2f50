import { ask, post, request } from './client';
import { readPage, type Filter, type Page } from './lists';

export type Severity = 'critical' | 'high' | 'medium' | 'low';
export type IncidentStatus = 'open' | 'acknowledged' | 'in_progress' | 'resolved';

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
export const UNRESOLVED: readonly IncidentStatus[] = ['open', 'acknowledged', 'in_progress'];
export const STATUSES: readonly IncidentStatus[] = [...UNRESOLVED, 'resolved'];

export interface Incident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly service: string;
  readonly severity: Severity;
  readonly status: IncidentStatus;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly responders: readonly string[];
  readonly created_at: string;
  readonly acknowledged_at: string | null;
  readonly resolved_at: string | null;
  readonly last_alert_at: string;
  readonly alerts: number;
  readonly open_alerts: number;
  readonly mtta_seconds: number | null;
  readonly mttr_seconds: number | null;
  readonly answer_due_at: string;
  readonly rule: string;
  readonly merged_into: string | null;
  readonly reopened_from: string | null;
  /** Null: it cannot be reopened. */
  readonly reopen_until: string | null;
}

export interface Alert {
  readonly id: string;
  readonly source: string;
  readonly dedup_key: string;
  readonly service: string;
  readonly name: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: 'firing' | 'resolved';
  readonly started_at: string;
  readonly last_seen_at: string;
  readonly ended_at: string | null;
  readonly count: number;
  readonly flapping: boolean;
  readonly incident_id: string;
}

export interface TimelineEntry {
  readonly at: string;
  readonly kind: string;
  readonly actor: string;
  readonly text: string;
  readonly data: Readonly<Record<string, string>>;
}

/** One of the six phases that an incident goes through. */
export interface ChecklistPhase {
  readonly phase: string;
  readonly meaning: string;
  readonly done_by: string | null;
  readonly done_at: string | null;
}

export interface IncidentDetail extends Incident {
  readonly alert_list: readonly Alert[];
  readonly timeline: readonly TimelineEntry[];
  readonly merged: readonly Incident[];
  readonly upstream: readonly string[];
  readonly checklist: readonly ChecklistPhase[];
}

export interface Volume {
  readonly at: string;
  readonly count: number;
  readonly mtta_seconds: number | null;
  readonly mttr_seconds: number | null;
}

export interface IncidentNumbers {
  readonly since: string;
  readonly until: string;
  readonly incidents: number;
  readonly unresolved: number;
  readonly alerts: number;
  readonly mtta_seconds: number | null;
  readonly mttr_seconds: number | null;
  readonly mtta_p95_seconds: number | null;
  readonly mttr_p95_seconds: number | null;
  readonly by_severity: Readonly<Record<string, number>>;
  readonly by_status: Readonly<Record<string, number>>;
  readonly volume: readonly Volume[];
  readonly noisiest: readonly { readonly service: string; readonly incidents: number; readonly alerts: number }[];
}

export interface IncidentEdit {
  readonly status?: IncidentStatus;
  readonly severity?: Severity;
  readonly assignee?: string;
  readonly team?: string;
  readonly responders?: readonly string[];
  readonly notes?: string;
  /** Phases that are done, or not yet after all. */
  readonly checklist?: Readonly<Record<string, boolean>>;
}

/** Incidents, newest first. */
export function listIncidents(filter: Filter, cursor: string | null, signal: AbortSignal): Promise<Page<Incident>> {
  return readPage('/api/v1/incidents', filter, cursor, signal);
}

/** Alerts, the last accepted first. */
export function listAlerts(filter: Filter, cursor: string | null, signal: AbortSignal): Promise<Page<Alert>> {
  return readPage('/api/v1/alerts', filter, cursor, signal);
}

/** By id or by number. */
export function readIncident(reference: string, signal: AbortSignal): Promise<IncidentDetail> {
  return request(`/api/v1/incidents/${encodeURIComponent(reference)}`, { signal });
}

/** Throws ApiError; 409 names the legal steps. */
export function editIncident(id: string, edit: IncidentEdit): Promise<Incident> {
  return post(`/api/v1/incidents/${id}`, edit, 'PATCH');
}

/** Makes the incident part of another. */
export function mergeIncident(id: string, into: string): Promise<Incident> {
  return post(`/api/v1/incidents/${id}/merge`, { into });
}

/** A new incident in the place of a resolved one, or the one that followed already. */
export function reopenIncident(id: string): Promise<Incident> {
  return post(`/api/v1/incidents/${id}/reopen`, {});
}

/** What happened in the last days. */
export function readNumbers(days: number, signal: AbortSignal): Promise<IncidentNumbers> {
  const since = new Date(Date.now() - days * 86_400_000).toISOString();
  return request(`/api/v1/incidents/stats/summary?since=${encodeURIComponent(since)}`, { signal });
}

export interface CorrelationRules {
  /** 0: as shipped. */
  readonly version: number;
  /** YAML, as it was stored. */
  readonly source: string;
  readonly actor: string;
  /** Their names, in order. */
  readonly rules: readonly string[];
}

interface Group {
  readonly service: string;
  readonly alerts: number;
}

/** What stored alerts come to under the rules that apply and under others. */
export interface RulesDifference {
  readonly alerts: number;
  readonly incidents_now: number;
  readonly incidents_then: number;
  readonly only_now: readonly Group[];
  readonly only_then: readonly Group[];
}

export function readRules(signal: AbortSignal): Promise<CorrelationRules> {
  return request('/api/v1/correlation/rules', { signal });
}

/** Stores the next version. Throws ApiError, `entry-changed` when this one is no longer the newest. */
export function saveRules(source: string, version: number): Promise<CorrelationRules> {
  return post(`/api/v1/correlation/rules?version=${version}`, source, 'PUT');
}

/** What the alerts of the last week would have come to; stores nothing. */
export function tryRules(source: string): Promise<RulesDifference> {
  return ask('/api/v1/correlation/replay', source);
}
