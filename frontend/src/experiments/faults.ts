import type { Entry, FaultStep, Run } from '../api/experiments';

/** A fault of a run, as its journal tells: times in ms. */
export interface FaultSpan {
  readonly id: string;
  readonly name: string;
  /** The service, and its container where the step names one. */
  readonly target: string;
  readonly begin: number;
  /** When its lease ends. */
  readonly lease: number;
  /** When it was undone; null while it may be there. */
  readonly end: number | null;
}

function stepsOf(run: Run): FaultStep[] {
  return run.document.method.flatMap((step) => {
    if (step.type === 'fault') return [step];
    return step.type === 'parallel' ? step.steps : [];
  });
}

/** Every fault that was injected, in order. */
export function faultsOf(run: Run): FaultSpan[] {
  const steps = new Map(stepsOf(run).map((step) => [step.name, step]));
  const undone = new Map<string | null, Entry>(
    run.entries.filter((entry) => entry.kind === 'undo').map((entry) => [entry.fault_id, entry]),
  );
  return run.entries
    .filter((entry) => entry.kind === 'fault' && entry.ok === true)
    .map((entry) => {
      const begin = Date.parse(entry.at);
      const seconds = steps.get(entry.name)?.lease_seconds ?? run.document.lease_seconds;
      const end = undone.get(entry.fault_id);
      return {
        id: entry.fault_id ?? entry.name,
        name: entry.name,
        target: [entry.service, entry.container].filter((part) => part !== null).join(', '),
        begin,
        lease: begin + seconds * 1_000,
        end: end === undefined ? null : Date.parse(end.at),
      };
    });
}
