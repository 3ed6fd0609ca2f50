import type { Action, Service, Snapshot } from '../src/api/types';
import type { Fault } from '../src/api/faults';
import type { Incident } from '../src/api/incidents';

/** A healthy service, with what a test wants otherwise. */
export function service(name: string, change: Partial<Service> = {}): Service {
  return {
    name,
    status: 'UP',
    state: 'running',
    health: 'healthy',
    started_at: '2026-02-03T12:00:00Z',
    finished_at: null,
    exit_code: null,
    recovery_mode: 'manual',
    group: 'data',
    project: 'incidentops',
    image: `${name}:1`,
    protected: false,
    depends_on: [],
    probe: null,
    replicas: { running: 1, total: 1 },
    containers: ['0123456789ab'],
    misconfigured: null,
    busy: null,
    wish: null,
    age_seconds: null,
    last_log: [],
    ...change,
  };
}

export function action(id: string, change: Partial<Action> = {}): Action {
  return {
    id,
    service: 'redis',
    verb: 'ping',
    actor: 'alice',
    source: 'ui',
    outcome: 'succeeded',
    message: 'Ping succeeded',
    started_at: '2026-02-03T12:00:00Z',
    duration_ms: 12,
    ...change,
  };
}

/** Alice's packet loss on redis, active for half a minute more. */
export function fault(id: string, change: Partial<Fault> = {}): Fault {
  return {
    id,
    kind: 'packet_loss',
    service: 'redis',
    container_id: '0123456789ab',
    started_at_of_target: '2026-02-03T12:00:00Z',
    parameters: { percent: 30 },
    mechanism: 'nftables',
    lease_seconds: 30,
    state: 'active',
    requested_at: '2026-02-03T12:00:00Z',
    requested_by: 'alice',
    active_at: '2026-02-03T12:00:00Z',
    ends_at: new Date(Date.now() + 30_500).toISOString(),
    undone_at: null,
    target_lost_at: null,
    run_id: null,
    snapshot: {},
    measured: {},
    result: null,
    reason: null,
    revision: 3,
    ...change,
  };
}

/** When incidents of the cast were opened. */
export const AT = '2026-02-03T12:00:00Z';

/** An open incident of redis. */
export function incident(number: number, change: Partial<Incident> = {}): Incident {
  return {
    id: `id-${number}`,
    number,
    title: `Service redis is down ${number}`,
    service: 'redis',
    severity: 'high',
    status: 'open',
    assignee: null,
    team: null,
    responders: [],
    created_at: AT,
    acknowledged_at: null,
    resolved_at: null,
    last_alert_at: AT,
    alerts: 1,
    open_alerts: 1,
    mtta_seconds: null,
    mttr_seconds: null,
    answer_due_at: AT,
    rule: 'default',
    merged_into: null,
    reopened_from: null,
    reopen_until: null,
    ...change,
  };
}

export function snapshot(revision: number, services: Service[], change: Partial<Snapshot> = {}): Snapshot {
  return {
    revision,
    services,
    system: {
      cpu: { units: 2, free_percent: 63 },
      ram: { total: 1024 ** 3, free: 1024 ** 2 },
      disk: { total: 0, free: 0 },
    },
    dependencies: [],
    actions: {},
    faults: [],
    server_time: new Date().toISOString(),
    ...change,
  };
}
