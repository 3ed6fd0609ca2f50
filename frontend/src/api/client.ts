import type { About, ActionPage, Inspection, Problem, RecoveryMode, Remediation, Verb, VerbAnswer } from './types';

/** A refusal or failure the backend explained, or the reason it could not be asked. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** What an error says, for people. */
export function describe(error: Error): string {
  return error instanceof ApiError ? `${error.problem.title}. ${error.problem.detail ?? ''}`.trim() : String(error);
}

const UNANSWERED = 'The backend did not answer.';
/** A write may have arrived all the same, so it is neither tried again nor said not to be done. */
const UNKNOWN_OUTCOME = `${UNANSWERED} It is not known whether this was done: look before you try again.`;

/** `project/name` keeps its slash: the backend's routes take it as part of the path. */
export function servicePath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = {
    type: 'about:blank',
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
  };
  if (!response.headers.get('content-type')?.includes('json')) return fallback;
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

async function call<T>(path: string, init: RequestInit, unanswered: string): Promise<T> {
  const headers = new Headers(init.headers);
  headers.set('Accept', 'application/json');
  try {
    const response = await fetch(path, { ...init, headers });
    if (!response.ok) throw new ApiError(await problemOf(response));
    return (response.status === 204 ? undefined : await response.json()) as T;
  } catch (error) {
    if (error instanceof ApiError || (error instanceof DOMException && error.name === 'AbortError')) throw error;
    throw new ApiError({ type: 'about:blank', title: 'Backend not reachable', status: 0, detail: unanswered });
  }
}

/** The header makes the action log say that it came from the panel. A text is sent as it is. */
function sending(method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', body: object | string): RequestInit {
  return {
    method,
    headers: { 'Content-Type': 'application/json', 'Incidentops-Client': 'panel' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** A read. Throws ApiError with what the backend explained, or that it did not answer. */
export function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  return call(path, init, UNANSWERED);
}

/** A question that is too long for an address: like a read, it changes nothing. Throws ApiError like `request`. */
export function ask<T>(path: string, body: object | string): Promise<T> {
  return call(path, sending('POST', body), UNANSWERED);
}

/** A write. Throws ApiError with what the backend explained, or that nobody knows whether it was done. */
export function post<T>(
  path: string,
  body: object | string = {},
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE' = 'POST',
): Promise<T> {
  return call(path, sending(method, body), UNKNOWN_OUTCOME);
}

/** Runs a verb on a service. Throws ApiError when refused, failed or unreachable. */
export function runVerb(service: string, verb: Verb): Promise<VerbAnswer> {
  return post(`/api/v1/services/${servicePath(service)}/actions`, { verb });
}

/** Who brings the service back when it dies. Throws ApiError like `runVerb`. */
export function setRecovery(service: string, mode: RecoveryMode): Promise<{ recovery_mode: RecoveryMode }> {
  return post(`/api/v1/services/${servicePath(service)}/recovery`, { mode });
}

/** Restarts what is DOWN and answers when each was verified. Throws ApiError like `runVerb`. */
export function remediate(): Promise<Remediation> {
  return post('/remediate');
}

export interface ActionFilter {
  service?: string | undefined;
  verb?: string | undefined;
  actor?: string | undefined;
  outcome?: string | undefined;
  text?: string | undefined;
}

function queryOf(filter: ActionFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    if (typeof value === 'string' && value !== '') query.set(key, value);
  }
  return query;
}

/** One page of the action log, newest first. */
export function listActions(filter: ActionFilter, cursor: string | null, signal: AbortSignal): Promise<ActionPage> {
  const query = queryOf(filter);
  query.set('limit', '50');
  if (cursor !== null) query.set('cursor', cursor);
  return request<ActionPage>(`/api/v1/actions?${query.toString()}`, { signal });
}

/** The address of the whole filtered action log as a file. */
export function exportPath(filter: ActionFilter, format: 'csv' | 'json'): string {
  const query = queryOf(filter);
  query.set('format', format);
  return `/api/v1/actions/export?${query.toString()}`;
}

/** A service's containers as the engine describes them. */
export function inspectService(service: string, signal: AbortSignal): Promise<Inspection> {
  return request(`/api/v1/services/${servicePath(service)}/inspect`, { signal });
}

/** Versions, and the host's name. */
export function readAbout(signal: AbortSignal): Promise<About> {
  return request('/api/v1/about', { signal });
}
