/** The list with one item at another place. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const item = items[from];
  return item === undefined ? items : items.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** The list with another item at a place. */
export function replacedAt<T>(items: readonly T[], place: number, item: T): readonly T[] {
  return items.map((each, index) => (index === place ? item : each));
}
