/**
 * The shapes the backend speaks, over HTTP and over the live connection, with what they mean to the panel.
 * Written by hand; backend/tests/test_panel_types.py holds them against the backend's own.
 */
import type { Fault } from './faults';

export type Verb = 'ping' | 'start' | 'stop' | 'restart' | 'kill' | 'pause' | 'unpause';

/** Also what remediation does, which nobody asks of one service. */
export type LoggedVerb = Verb | 'recreate' | 'remediate';

export type RecoveryMode = 'manual' | 'auto';

export type ServiceState =
  | 'running'
  | 'starting'
  | 'unhealthy'
  | 'hung'
  | 'exited'
  | 'dead'
  | 'created'
  | 'paused'
  | 'crash_loop'
  | 'degraded'
  | 'unknown';

export interface Service {
  /** Plain in our own compose project, `project/name` elsewhere. */
  name: string;
  status: 'UP' | 'DOWN';
  state: ServiceState;
  health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  /** ISO 8601. */
  started_at: string | null;
  finished_at: string | null;
  exit_code: number | null;
  recovery_mode: RecoveryMode;
  group: string;
  project: string | null;
  image: string;
  /** May be restarted, not stopped. */
  protected: boolean;
  depends_on: string[];
  probe: string | null;
  replicas: { running: number; total: number };
  /** Short ids. */
  containers: string[];
  /** Why its labels cannot be used, or null. */
  misconfigured: string | null;
  /** The verb that runs on it now. */
  busy: LoggedVerb | null;
  /** What an operator asked for. */
  wish: 'running' | 'stopped' | null;
  /** How old the last known state is; only while `state` is unknown. */
  age_seconds: number | null;
  /** Last lines before the crash; only in a crash loop. */
  last_log: string[];
}

export type Outcome = 'running' | 'succeeded' | 'failed' | 'refused' | 'interrupted';

/** One verb on a service by an actor, with its outcome. */
export interface Action {
  id: string;
  service: string;
  verb: LoggedVerb;
  actor: string;
  source: 'api' | 'ui' | 'bus' | 'auto' | 'boot';
  outcome: Outcome;
  message: string;
  /** ISO 8601. */
  started_at: string;
  duration_ms: number | null;
}

export interface ActionPage {
  items: Action[];
  next_cursor: string | null;
}

/** Sizes in bytes. */
export interface System {
  cpu: { units: number; free_percent: number };
  ram: { total: number; free: number };
  disk: { total: number; free: number };
}

export interface Dependency {
  name: string;
  state: 'up' | 'down' | 'unknown';
  /** ISO 8601. */
  since: string;
  detail: string | null;
}

export interface Snapshot {
  revision: number;
  services: Service[];
  system: System | null;
  dependencies: Dependency[];
  /** By service, newest last, at most 50 each. */
  actions: Record<string, Action[]>;
  /** Those that have not ended. */
  faults: Fault[];
  server_time: string;
}

export interface Delta {
  revision: number;
  services?: Service[];
  removed?: string[];
  system?: System | null;
  dependencies?: Dependency[];
  actions?: Action[];
  /** Also those that have just ended. */
  faults?: Fault[];
  server_time: string;
}

/** Bytes, and bytes per second for the rates. */
export interface ServiceStats {
  cpu_percent: number;
  memory_bytes: number;
  memory_limit_bytes: number | null;
  net_rx_bytes: number;
  net_tx_bytes: number;
  net_rx_rate: number;
  net_tx_rate: number;
  block_read_bytes: number;
  block_write_bytes: number;
}

export interface Stats {
  at: string;
  services: Record<string, ServiceStats>;
}

export interface LogLine {
  /** ISO 8601. */
  at: string;
  stream: string;
  /** What a container wrote: foreign text. */
  text: string;
  /** Short id. */
  container: string;
}

/** Lines in order; `skipped` ones before them were dropped because this reader was too slow. */
export interface LogBatch {
  service: string;
  lines: LogLine[];
  skipped: number;
}

/** One container as the engine describes it; secrets are masked. Null: it went meanwhile. */
export interface ContainerDetails {
  id: string;
  name: string;
  status: string;
  details: Record<string, unknown> | null;
}

export interface Inspection {
  service: string;
  containers: ContainerDetails[];
}

export interface About {
  /** Of the backend. */
  version: string;
  engine: { kind: string; version: string; api_version: string; host: string } | null;
}

/** What an accepted verb answers. */
export interface VerbAnswer {
  service: string;
  status: 'UP' | 'DOWN';
  message: string;
  action_id: string;
  detail?: string | null;
}

/** What one remediation run did. */
export interface Remediation {
  status: 'completed' | 'partial';
  /** In the order they were restarted. */
  services_remediated: string[];
  /** DOWN, and deliberately left alone. */
  services_skipped: string[];
  services_failed?: { service: string; reason: string }[];
}

/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
}
