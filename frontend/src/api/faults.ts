import { ask, post, request } from './client';

export type FaultState = 'requested' | 'injecting' | 'active' | 'undoing' | 'undone' | 'failed';

/** Harm done on purpose to one container of a service, until its lease ends. */
export interface Fault {
  id: string;
  kind: string;
  service: string;
  container_id: string;
  started_at_of_target: string | null;
  parameters: Record<string, unknown>;
  mechanism: string;
  lease_seconds: number;
  state: FaultState;
  requested_at: string;
  requested_by: string;
  active_at: string | null;
  /** When the lease ends. */
  ends_at: string | null;
  undone_at: string | null;
  /** When its target had ended or been started anew under it, which ended it too. */
  target_lost_at: string | null;
  run_id: string | null;
  snapshot: Record<string, string>;
  /** What was found, beside what was asked for. */
  measured: Record<string, unknown>;
  /** What is left of it, or that nothing is. */
  result: 'clean' | string[] | null;
  reason: string | null;
  revision: number;
}

/** One field of a JSON Schema, as far as faults use it. */
export interface Parameter {
  type: 'number' | 'integer' | 'string';
  title: string;
  description?: string;
  default?: number | string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

export interface FaultKind {
  name: string;
  title: string;
  parameters: { properties?: Record<string, Parameter>; required?: string[] };
  mechanism: string;
  kernel_expiring: boolean;
  conflicts_with: string[];
}

export interface FaultOrder {
  service: string;
  fault: string;
  parameters: Record<string, number | string>;
  lease_seconds: number;
  /** Which of the service's containers; left out, the first that runs. */
  container?: string;
}

export interface FaultPreview {
  preview: string;
  mechanism: string;
  kernel_expiring: boolean;
}

export const listFaultKinds = (signal: AbortSignal): Promise<FaultKind[]> =>
  request('/api/v1/faults/kinds', { signal });

/** What would happen. Throws ApiError with the reason when it would be refused. */
export const previewFault = (order: FaultOrder): Promise<FaultPreview> => ask('/api/v1/faults/preview', order);

export const injectFault = (order: FaultOrder): Promise<Fault> => post('/api/v1/faults', order);

export const undoFault = (id: string): Promise<Fault> => post(`/api/v1/faults/${id}`, {}, 'DELETE');

/** Undoes every fault and lets no new one in until it is released. */
export const stopChaos = (why: string): Promise<unknown> => post('/api/v1/chaos/stop', { why });

export const releaseChaos = (): Promise<unknown> => post('/api/v1/chaos/release');
