/** A stretch of time, in milliseconds of the epoch. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const SNAP_MS = 30 * 60_000;

/** Whole days of this browser's clock; a day in which the clocks change is not 24 hours long. */
export function spanOfDays(first: Date, count: number): Span {
  const [start, end] = [midnight(first, 0), midnight(first, count)];
  return { start: start.getTime(), end: end.getTime() };
}

/** The instants at which the days of the span begin. */
export function daysOf(span: Span): Date[] {
  const days: Date[] = [];
  for (let day = new Date(span.start); day.getTime() < span.end; day = midnight(day, 1)) days.push(day);
  return days;
}

const midnight = (day: Date, after: number): Date => new Date(day.getFullYear(), day.getMonth(), day.getDate() + after);

/** Where a stretch lies in the span, as CSS; null outside. */
export function placeOf(stretch: Span, span: Span): { left: string; width: string } | null {
  const [start, end] = [Math.max(stretch.start, span.start), Math.min(stretch.end, span.end)];
  if (start >= end) return null;
  const share = (length: number): string => `${(length / (span.end - span.start)) * 100}%`;
  return { left: share(start - span.start), width: share(end - start) };
}

/** What is to come of a stretch that has begun; all of one that has not, or that is over. */
export function restOf({ start, end }: Span, now: number): Span {
  return { start: now < end ? Math.max(start, now) : start, end };
}

/** The stretch between two places (0 is the begin of the span, 1 its end), in half hours, one at least; whichever came first. */
export function stretchBetween(one: number, other: number, span: Span): Span {
  const at = (place: number): number => {
    const inside = Math.min(1, Math.max(0, place));
    return Math.round((span.start + inside * (span.end - span.start)) / SNAP_MS) * SNAP_MS;
  };
  const start = Math.min(at(one), at(other));
  return { start, end: Math.max(at(one), at(other), start + SNAP_MS) };
}
