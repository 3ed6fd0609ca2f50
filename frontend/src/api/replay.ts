import { ask } from './client';

export interface ReplayedPage {
  readonly at: string;
  readonly recipient: string;
  readonly channel: string;
  /** Null: no step reached anybody, so that the whole team was paged. */
  readonly step: number | null;
}

export interface PagedDifferently {
  readonly service: string;
  readonly title: string;
  readonly severity: string;
  readonly opened_at: string;
  readonly members: readonly string[];
  /** Null on a side that has no such incident. */
  readonly now: readonly ReplayedPage[] | null;
  readonly then: readonly ReplayedPage[] | null;
}

/** The past as things are (`now`) and as a draft has them (`then`). */
export interface Difference {
  readonly alerts: number;
  readonly incidents_now: number;
  readonly incidents_then: number;
  readonly paged_differently: number;
  readonly paged: readonly PagedDifferently[];
  readonly people: readonly { readonly name: string; readonly now: number; readonly then: number }[];
}

/** Lives through the last days again. The draft is YAML or JSON; nothing is stored, nobody is paged. */
export function replayDraft(draft: string, days: number): Promise<Difference> {
  const since = new Date(Date.now() - days * 86_400_000).toISOString();
  return ask(`/api/v1/correlation/replay?since=${encodeURIComponent(since)}`, draft);
}
