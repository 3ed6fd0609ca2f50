/** Experiments, their runs and schedules, as the backend speaks of them. */
import { ask, post, request } from './client';

export type Scalar = string | number | boolean | null;
export type Tolerance =
  Scalar | Scalar[] | { type: 'range'; range: [number, number] } | { type: 'regex'; pattern: string };

interface ProbeBase {
  name: string;
  tolerance: Tolerance;
  timeout_seconds?: number;
}
export type Probe =
  | (ProbeBase & { type: 'service'; service: string })
  | (ProbeBase & { type: 'http'; url: string })
  | (ProbeBase & { type: 'promql' | 'sql'; query: string });

export interface FaultStep {
  type: 'fault';
  name: string;
  fault: string;
  service: string;
  parameters: Record<string, Scalar>;
  lease_seconds?: number | null;
  /** Which of the service's containers, or `all`; left out, the first that runs. */
  container?: string | null;
}
export type Step =
  | FaultStep
  | { type: 'pause'; seconds: number }
  | { type: 'probe'; probe: Probe }
  | { type: 'parallel'; steps: FaultStep[] };

/** What is done after the faults are undone, whatever happened. */
export interface Rollback {
  name: string;
  service: string;
  verb: 'start' | 'restart';
}

export interface Experiment {
  name: string;
  title: string;
  description: string;
  hypothesis: { title: string; probes: Probe[] };
  method: Step[];
  rollbacks: Rollback[];
  blast_radius: { max_services: number; max_share_of_group: number; touch_incidents: boolean };
  lease_seconds: number;
  recovery_seconds: number;
}

export type RunPhase = 'requested' | 'steady_before' | 'method' | 'rollback' | 'steady_after' | 'ended';
export type Verdict = 'held' | 'deviated' | 'not_steady' | 'halted' | 'failed' | 'interrupted';

export interface RunSummary {
  id: string;
  number: number | null;
  experiment: string;
  title: string;
  trigger: 'operator' | 'schedule';
  asked_by: string;
  requested_at: string;
  ended_at: string | null;
  phase: RunPhase;
  verdict: Verdict | null;
  reason: string;
}

export interface Entry {
  seq: number;
  at: string;
  phase: RunPhase;
  kind: 'phase' | 'probe' | 'fault' | 'pause' | 'undo' | 'rollback' | 'halt' | 'verdict';
  name: string;
  service: string | null;
  container: string | null;
  fault: string | null;
  fault_id: string | null;
  ok: boolean | null;
  value: Scalar;
  detail: string;
  seconds: number | null;
}

export interface Sighting {
  at: string;
  service: string;
  state: string;
  up: boolean;
}

export interface Run extends RunSummary {
  document: Experiment;
  entries: Entry[];
  sightings: Sighting[];
}

export interface Harm {
  fault_id: string;
  service: string;
  /** Which one, where several of its service's were hurt. */
  container: string | null;
  kind: string;
  parameters: Record<string, Scalar>;
  mechanism: string;
  detection_seconds: number | null;
  recovery_seconds: number | null;
  healed_by: string;
  /** The restart that took a network fault away; what was measured is then not the system's own recovery. */
  masked: { by: string; at: string } | null;
  measured: Record<string, unknown>;
  result: string | string[] | null;
}

export interface Report {
  hypothesis: string;
  probes: { name: string; times: number; not_steady: number; slowest_seconds: number | null }[];
  harms: Harm[];
  detection_seconds: number | null;
  recovery_seconds: number | null;
  masked: boolean;
  /** Null while it is not known yet. */
  clean: boolean | null;
}

export interface ExperimentSummary {
  name: string;
  title: string;
  description: string;
  of_library: boolean;
  targets: string[];
  faults: string[];
  lease_seconds: number;
  last_run: RunSummary | null;
  schedules: number;
}

export interface Preview {
  targets: string[];
  affected: string[];
  method_seconds: number;
  steps: {
    at_seconds: number;
    what: string;
    service: string | null;
    lease_seconds: number | null;
    effect: string;
    mechanism: string;
  }[];
  objections: string[];
  lifted_by_touch_incidents: string[];
}

export type Timing =
  | { type: 'cron'; cron: string; time_zone: string }
  | { type: 'random'; seed: number; begin: string; end: string; weekdays: number[]; time_zone: string };

/** A moment at which an experiment should have run by itself and did not. */
export interface LeftOut {
  at: string;
  reasons: string[];
}

export interface Schedule {
  schedule: {
    id: string;
    timing: Timing;
    enabled: boolean;
    created_by: string;
    next_at: string | null;
    /** The last moments at which it did not run, newest first. */
    left_out: LeftOut[];
  };
  next_moments: string[];
}

export interface Kept {
  of_library: boolean;
  document: Experiment;
}

const ROOT = '/api/v1/experiments';
const one = (name: string): string => `${ROOT}/${encodeURIComponent(name)}`;

export const listExperiments = (signal: AbortSignal): Promise<{ items: ExperimentSummary[]; complete: boolean }> =>
  request(ROOT, { signal });
export const readExperiment = (name: string, signal: AbortSignal): Promise<Kept> => request(one(name), { signal });
/** The experiment as a text in the Chaos Toolkit's format. */
export const exportExperiment = async (name: string, signal: AbortSignal): Promise<string> =>
  JSON.stringify(await request(`${one(name)}/export`, { signal }), null, 2);
export const keepExperiment = (document: Experiment, isNew: boolean): Promise<Kept> =>
  isNew ? post(ROOT, document) : post(one(document.name), document, 'PUT');
/** Reads a text in the Chaos Toolkit's format; keeps what it says unless it is only checked. */
export const importExperiment = (text: string, how: 'check' | 'replace' | 'add'): Promise<Kept> =>
  post(`${ROOT}/import${how === 'add' ? '' : `?${how}=true`}`, text);
export const removeExperiment = (name: string): Promise<void> => post(one(name), {}, 'DELETE');
export const previewRun = (name: string): Promise<Preview> => ask(`${one(name)}/runs`, { dry_run: true });
/** Runs it; told to, also on services that are in an incident. */
export const beginRun = (name: string, touchIncidents: boolean): Promise<RunSummary> =>
  post(`${one(name)}/runs`, { touch_incidents: touchIncidents });

export const listRuns = (
  experiment: string | null,
  signal: AbortSignal,
): Promise<{ items: RunSummary[]; next_cursor: number | null }> =>
  request(`/api/v1/runs?limit=20${experiment === null ? '' : `&experiment=${encodeURIComponent(experiment)}`}`, {
    signal,
  });
export const readRun = (id: string, signal: AbortSignal): Promise<Run> => request(`/api/v1/runs/${id}`, { signal });
export const readReport = (id: string, signal: AbortSignal): Promise<Report> =>
  request(`/api/v1/runs/${id}/report.json`, { signal });
export const haltRun = (id: string): Promise<RunSummary> => post(`/api/v1/runs/${id}/halt`);

export const listSchedules = (name: string, signal: AbortSignal): Promise<{ items: Schedule[] }> =>
  request(`${one(name)}/schedules`, { signal });
export const addSchedule = (name: string, timing: Timing): Promise<Schedule> =>
  post(`${one(name)}/schedules`, { timing });
export const switchSchedule = (name: string, id: string, timing: Timing, enabled: boolean): Promise<Schedule> =>
  post(`${one(name)}/schedules/${id}`, { timing, enabled }, 'PUT');
export const removeSchedule = (name: string, id: string): Promise<void> =>
  post(`${one(name)}/schedules/${id}`, {}, 'DELETE');
