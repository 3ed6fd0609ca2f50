import { createContext, useContext, useSyncExternalStore } from 'react';
import { failureOf, type Failure } from '../actions/desk';
import { remediate } from '../api/client';
import type { Remediation } from '../api/types';
import type { Plan } from './plan';

/** idle → asked (what would happen is shown) → running → ended or failed → idle. */
export type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'asked'; readonly plan: Plan }
  | { readonly kind: 'running'; readonly plan: Plan }
  | { readonly kind: 'ended'; readonly plan: Plan; readonly answer: Remediation }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface State {
  readonly phase: Phase;
  /** A run that somebody left alone shows in the bar only, until it ends. */
  readonly left: boolean;
}

/** Asks for remediation runs and keeps the present one, whatever page is shown meanwhile. */
export class RemediationDesk {
  private state: State = { phase: { kind: 'idle' }, left: false };
  private readonly listeners = new Set<() => void>();
  private readonly send: () => Promise<Remediation>;

  constructor(send: () => Promise<Remediation> = remediate) {
    this.send = send;
  }

  readonly get = (): State => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Shows what a run would do; a run in progress is shown instead. */
  ask(plan: Plan): void {
    if (this.state.phase.kind === 'running') this.set({ ...this.state, left: false });
    else this.set({ phase: { kind: 'asked', plan }, left: false });
  }

  async run(plan: Plan): Promise<void> {
    if (this.state.phase.kind === 'running') return;
    this.set({ phase: { kind: 'running', plan }, left: false });
    try {
      this.set({ phase: { kind: 'ended', plan, answer: await this.send() }, left: false });
    } catch (error) {
      this.set({ phase: { kind: 'failed', failure: failureOf('Auto-remediation', error) }, left: false });
    }
  }

  /** Closes what is shown. A run goes on without its window. */
  close(): void {
    if (this.state.phase.kind === 'running') this.set({ ...this.state, left: true });
    else this.set({ phase: { kind: 'idle' }, left: false });
  }

  private set(state: State): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

export const RemediationContext = createContext<RemediationDesk | null>(null);

export function useRemediationDesk(): RemediationDesk {
  const desk = useContext(RemediationContext);
  if (desk === null) throw new Error('RemediationContext is missing above this component');
  return desk;
}

export function useRemediation(): State {
  const desk = useRemediationDesk();
  return useSyncExternalStore(desk.subscribe, desk.get);
}
