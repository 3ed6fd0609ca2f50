import type { Experiment, FaultStep, Probe, Rollback, Scalar, Step, Tolerance } from '../api/experiments';
import type { FaultKind } from '../api/faults';

export const EMPTY: Experiment = {
  name: '',
  title: '',
  description: '',
  hypothesis: {
    title: 'Everything works',
    probes: [{ type: 'http', name: 'the API answers', url: 'http://backend:8000/health', tolerance: 200 }],
  },
  method: [
    { type: 'fault', name: 'hang it', fault: 'pause', service: 'redis', parameters: {} },
    { type: 'pause', seconds: 10 },
  ],
  rollbacks: [],
  blast_radius: { max_services: 1, max_share_of_group: 0.5, touch_incidents: false },
  lease_seconds: 30,
  recovery_seconds: 30,
};

/** What is added to a list, to be filled in. */
export const PROBE: Probe = { type: 'service', name: 'it answers', service: 'redis', tolerance: true };
export const ROLLBACK: Rollback = { name: 'restart it', service: 'redis', verb: 'restart' };

/** A probe of another type that keeps what both have. */
export function asProbe(type: Probe['type'], { name }: Probe): Probe {
  switch (type) {
    case 'service':
      return { type, name, service: 'redis', tolerance: true };
    case 'http':
      return { type, name, url: 'http://backend:8000/health', tolerance: 200 };
    case 'promql':
      return { type, name, query: 'up{job="backend"}', tolerance: 1 };
    case 'sql':
      return { type, name, query: 'select true', tolerance: true };
  }
}

/** A step of another type. */
export function asStep(type: Step['type']): Step {
  switch (type) {
    case 'fault':
      return { type, name: 'hang it', fault: 'pause', service: 'redis', parameters: {} };
    case 'pause':
      return { type, seconds: 10 };
    case 'probe':
      return { type, probe: PROBE };
    case 'parallel':
      return { type, steps: [asStep('fault') as FaultStep, asStep('fault') as FaultStep] };
  }
}

/** A tolerance as it is typed: JSON, or a plain word. */
export function parsedTolerance(text: string): Tolerance {
  try {
    return JSON.parse(text) as Tolerance;
  } catch {
    return text;
  }
}

/** A list with one item changed, or left out. */
export function replaced<T>(items: readonly T[], place: number, item: T | null): T[] {
  return items.flatMap((each, at) => {
    if (at !== place) return [each];
    return item === null ? [] : [item];
  });
}

/** A parameter as its schema wants it. */
export function parsedParameter(text: string, type: string | undefined): Scalar {
  return type === 'number' || type === 'integer' ? Number(text) : text;
}

export const parametersOf = (kinds: readonly FaultKind[], fault: string) =>
  Object.entries(kinds.find((kind) => kind.name === fault)?.parameters.properties ?? {});
