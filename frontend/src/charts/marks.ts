import type { Action } from '../api/types';

/** An action on the line that it explains. */
export interface Mark {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly text: string;
  /** A CSS variable. */
  readonly colour: string;
}

/** Pings change nothing and explain nothing. */
export function marksOf(actions: readonly Action[]): Mark[] {
  return actions
    .filter((action) => action.verb !== 'ping' && action.verb !== 'remediate' && action.outcome !== 'refused')
    .map((action) => ({
      at: Date.parse(action.started_at) / 1_000,
      text: `${action.verb} by ${action.actor}`,
      colour: action.outcome === 'failed' ? '--down' : '--busy',
    }));
}
