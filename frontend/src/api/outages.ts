import type { Severity } from './incidents';
import { request } from './client';
import type { Policy, PolicyProblem } from './remediation';

/** Which outages that the backend sees by itself are alerts. */
export interface OutagePolicy {
  name: string;
  states: Policy['states'];
  /** Empty: every one. */
  services: string[];
  groups: string[];
  /** Null: no alert. */
  severity: Severity | null;
  /** A service must be in trouble for so long first. */
  for_seconds: number;
  annotations: Readonly<Record<string, string>>;
}

export interface OutagePolicies {
  policies: OutagePolicy[];
  problems: PolicyProblem[];
}

export function readOutagePolicies(signal: AbortSignal): Promise<OutagePolicies> {
  return request('/api/v1/outage-policies', { signal });
}
