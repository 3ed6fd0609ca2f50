import type { Action } from '../api/types';

/** An action on the line that it explains. */
export interface Mark {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly text: string;
  /** A CSS variable. */
  readonly colour: string;
}

/** Where a label begins and ends on the line. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** The row of each label: the first in which it lies upon none before it. */
export function rowsOf(labels: readonly Extent[]): number[] {
  const rows: Extent[][] = [];
  return labels.map((label) => {
    const free = rows.findIndex((row) => row.every((other) => label.to < other.from || other.to < label.from));
    if (free < 0) return rows.push([label]) - 1;
    rows[free]?.push(label);
    return free;
  });
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
