import { useState, type ReactNode } from 'react';
import { replaced } from './drafts';

interface ItemsProps<T> {
  /** Of one item: "step". */
  readonly noun: string;
  readonly items: readonly T[];
  readonly onSet: (items: T[]) => void;
  readonly className?: string | undefined;
  /** The fields of one item; `set` gets null when it is taken away. */
  readonly children: (item: T, set: (item: T | null) => void) => ReactNode;
}

/** Parts of an experiment one below the other, each of which can be taken away. */
export function Items<T>({ noun, items, onSet, className, children }: ItemsProps<T>) {
  const [removals, setRemovals] = useState(0);
  const set = (place: number, changed: T | null): void => {
    // Some fields keep what is typed until they are left: they begin anew when another item takes their place.
    if (changed === null) setRemovals((count) => count + 1);
    onSet(replaced(items, place, changed));
  };
  return items.map((item, place) => (
    <div key={`${removals} ${place}`} role="group" aria-label={`${noun} ${place + 1}`} className={className}>
      {children(item, (changed) => set(place, changed))}
    </div>
  ));
}
