import type { ServiceStats, Stats } from '../api/types';

export interface Sample {
  /** Milliseconds since the epoch, the server's clock. */
  readonly at: number;
  readonly stats: ServiceStats;
}

/** What the sparklines show. */
export const WINDOW_MS = 60_000;
/** What the charts show at most, and so how much is kept. */
export const KEPT_MS = 15 * 60_000;

export type History = ReadonlyMap<string, readonly Sample[]>;

/** History with one more sample per named service, cut to what is kept; services long unseen fall out. */
export function appendStats(history: History, stats: Stats): History {
  const at = Date.parse(stats.at);
  const next = new Map([...history].filter(([, samples]) => at - (samples.at(-1)?.at ?? 0) < KEPT_MS));
  for (const [name, values] of Object.entries(stats.services)) {
    const kept = (history.get(name) ?? []).filter((sample) => at - sample.at < KEPT_MS && sample.at < at);
    next.set(name, [...kept, { at, stats: values }]);
  }
  return next;
}
