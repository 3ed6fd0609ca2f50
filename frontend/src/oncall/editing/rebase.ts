type Fields = Readonly<Record<string, unknown>>;

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** The fields in which two documents differ. */
export function changedFields(before: object, after: object): string[] {
  const [old, now] = [before as Fields, after as Fields];
  return Object.keys({ ...old, ...now }).filter((key) => !same(old[key], now[key]));
}

/** What `mine` changed of `base`, put on top of `theirs`. */
export function rebased<T extends object>(base: T, mine: T, theirs: T): T {
  const own = changedFields(base, mine);
  const kept = Object.entries(mine).filter(([key]) => own.includes(key));
  return { ...theirs, ...(Object.fromEntries(kept) as Partial<T>) };
}
