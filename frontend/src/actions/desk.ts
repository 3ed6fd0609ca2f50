import { createContext, useContext, useSyncExternalStore } from 'react';
import { ApiError, runVerb, setRecovery } from '../api/client';
import type { RecoveryMode, Verb, VerbAnswer } from '../api/types';
import { VERB_LABELS } from './policy';

/** Kept on the card until somebody has read and dismissed it. */
export interface Failure {
  /** What was asked for: "Stop", "Recovery". */
  readonly what: string;
  readonly title: string;
  readonly detail: string;
}

interface DeskState {
  /** Asked for, not answered yet. */
  readonly pending: ReadonlyMap<string, Verb>;
  /** The recovery mode that was asked for, not confirmed yet. */
  readonly switching: ReadonlyMap<string, RecoveryMode>;
  readonly failures: ReadonlyMap<string, Failure>;
  /** What the last start answered, until its popup is closed. */
  readonly started: string | null;
  /** A verb that waits for its confirmation, when asked for away from a card. */
  readonly asked: { readonly service: string; readonly verb: Verb } | null;
}

type Run = (service: string, verb: Verb) => Promise<VerbAnswer>;
type Recover = (service: string, mode: RecoveryMode) => Promise<unknown>;

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const left = new Map(map);
  left.delete(key);
  return left;
}

/** What an error says, for people. */
export function failureOf(what: string, error: unknown): Failure {
  if (error instanceof ApiError) {
    const { title, detail } = error.problem;
    return { what, title, detail: detail ?? '' };
  }
  return { what, title: 'Unexpected answer', detail: String(error) };
}

/** The one place that sends verbs; it knows what is pending and what failed. */
export class ActionDesk {
  private state: DeskState = {
    pending: new Map(),
    switching: new Map(),
    failures: new Map(),
    started: null,
    asked: null,
  };
  private readonly listeners = new Set<() => void>();
  private readonly send: Run;
  private readonly recover: Recover;

  constructor(send: Run = runVerb, recover: Recover = setRecovery) {
    this.send = send;
    this.recover = recover;
  }

  readonly get = (): DeskState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Sends a verb. What it changes arrives over the live connection, not from here. */
  async run(service: string, verb: Verb): Promise<void> {
    if (this.state.pending.has(service)) return;
    this.set({ pending: new Map(this.state.pending).set(service, verb), asked: null });
    this.dismiss(service);
    try {
      const answer = await this.send(service, verb);
      if (verb === 'start') this.set({ started: answer.message });
    } catch (error) {
      this.failed(service, VERB_LABELS[verb], error);
    } finally {
      this.set({ pending: without(this.state.pending, service) });
    }
  }

  /** Switches the recovery mode. The switch itself turns when the live connection says so. */
  async switchRecovery(service: string, mode: RecoveryMode): Promise<void> {
    if (this.state.switching.has(service)) return;
    this.set({ switching: new Map(this.state.switching).set(service, mode) });
    this.dismiss(service);
    try {
      await this.recover(service, mode);
    } catch (error) {
      this.failed(service, 'Recovery switch', error);
    } finally {
      this.set({ switching: without(this.state.switching, service) });
    }
  }

  ask(service: string, verb: Verb): void {
    this.set({ asked: { service, verb } });
  }

  withdraw(): void {
    this.set({ asked: null });
  }

  dismiss(service: string): void {
    if (this.state.failures.has(service)) this.set({ failures: without(this.state.failures, service) });
  }

  closeStarted(): void {
    this.set({ started: null });
  }

  private failed(service: string, what: string, error: unknown): void {
    this.set({ failures: new Map(this.state.failures).set(service, failureOf(what, error)) });
  }

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

export const DeskContext = createContext<ActionDesk | null>(null);

export function useDesk(): ActionDesk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('DeskContext is missing above this component');
  return desk;
}

function useDeskState<T>(select: (state: DeskState) => T): T {
  const desk = useDesk();
  return useSyncExternalStore(desk.subscribe, () => select(desk.get()));
}

export const usePending = (service: string): Verb | undefined => useDeskState((state) => state.pending.get(service));
export const useSwitching = (service: string): boolean => useDeskState((state) => state.switching.has(service));
export const useFailure = (service: string): Failure | undefined =>
  useDeskState((state) => state.failures.get(service));
export const useStarted = (): string | null => useDeskState((state) => state.started);
export const useAsked = (): DeskState['asked'] => useDeskState((state) => state.asked);
