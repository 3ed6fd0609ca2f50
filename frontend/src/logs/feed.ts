import type { LogBatch } from '../api/types';
import { entryOf, type Item } from './entries';

export const LINES_KEPT = 5_000;

interface Feed {
  /** What is shown: the newest lines, or those of the moment of the pause. */
  readonly items: readonly Item[];
  readonly paused: boolean;
  /** Lines that came since the pause. */
  readonly waiting: number;
}

/** The newest lines of one service, outside React. Memory is bounded also while it is paused. */
export class LogFeed {
  private newest: readonly Item[] = [];
  private state: Feed = { items: [], paused: false, waiting: 0 };
  private readonly listeners = new Set<() => void>();
  private nextKey = 0;
  private seenUntil = '';
  private resumedAfter = '';

  readonly get = (): Feed => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A new stream begins, after a reconnect too: what it repeats is not taken twice. */
  begin(): void {
    this.resumedAfter = this.seenUntil;
  }

  take(batch: LogBatch): void {
    const gap = batch.skipped > 0 ? [{ key: this.nextKey++, skipped: batch.skipped }] : [];
    const fresh = batch.lines.filter((line) => line.at > this.resumedAfter);
    this.seenUntil = fresh.reduce((newest, line) => (line.at > newest ? line.at : newest), this.seenUntil);
    const entries = fresh.map((line) => entryOf(line, this.nextKey++));
    this.newest = [...this.newest, ...gap, ...entries].slice(-LINES_KEPT);
    if (this.state.paused) this.set({ ...this.state, waiting: this.state.waiting + entries.length });
    else this.set({ ...this.state, items: this.newest });
  }

  readonly pause = (): void => {
    if (!this.state.paused) this.set({ ...this.state, paused: true, waiting: 0 });
  };

  resume(): void {
    this.set({ items: this.newest, paused: false, waiting: 0 });
  }

  clear(): void {
    this.newest = [];
    this.set({ ...this.state, items: [], waiting: 0 });
  }

  private set(state: Feed): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
