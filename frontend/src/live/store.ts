import type { Delta, Snapshot, Stats } from '../api/types';
import { appendStats, type History } from './stats';
import { applyDelta, EMPTY_VIEW, fromSnapshot, type View } from './view';

/**
 * connecting: nothing has been seen yet · live: the view follows the server ·
 * lost: the view is the last one seen.
 */
export type LinkStatus = 'connecting' | 'live' | 'lost';

export interface LiveState {
  readonly link: LinkStatus;
  readonly view: View;
  readonly history: History;
  /** Sign that the server lives was last seen then (this machine's clock, ms). */
  readonly heardAt: number | null;
  /** Server clock minus ours, ms. */
  readonly clockOffset: number;
  /** Why the connection is not there, in words. */
  readonly reason: string | null;
}

const INITIAL: LiveState = {
  link: 'connecting',
  view: EMPTY_VIEW,
  history: new Map(),
  heardAt: null,
  clockOffset: 0,
  reason: null,
};

/** The one store of live data, outside React; components read it through selectors. */
export class LiveStore {
  private state = INITIAL;
  private readonly listeners = new Set<() => void>();

  readonly get = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes a whole picture; from here on the view is live. */
  snapshot(snapshot: Snapshot, now = Date.now()): void {
    this.set({
      link: 'live',
      view: fromSnapshot(snapshot, this.state.view),
      heardAt: now,
      clockOffset: Date.parse(snapshot.server_time) - now,
      reason: null,
    });
  }

  /** Takes the next change. False: one is missing, ask for a snapshot. */
  delta(delta: Delta, now = Date.now()): boolean {
    const applied = applyDelta(this.state.view, delta);
    if (applied.kind === 'gap') return false;
    if (applied.kind === 'applied') {
      this.set({ view: applied.view, heardAt: now, clockOffset: Date.parse(delta.server_time) - now });
    }
    return true;
  }

  stats(stats: Stats): void {
    this.set({ history: appendStats(this.state.history, stats) });
  }

  /** Any packet proves that the server lives, also one without news. */
  heard(now = Date.now()): void {
    if (this.state.heardAt !== null && now - this.state.heardAt > 900) this.set({ heardAt: now });
  }

  lost(reason: string): void {
    this.set({ link: this.state.heardAt === null ? 'connecting' : 'lost', reason });
  }

  private set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
