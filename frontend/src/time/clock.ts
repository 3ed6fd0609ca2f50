import { useSyncExternalStore } from 'react';
import { useLiveStore } from '../live/hooks';

const listeners = new Set<() => void>();
let timer: number | undefined;

/** One timer for every relative time on the page; it stops when none is shown. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => listeners.forEach((each) => each()), 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/**
 * A text or number made from the server's present time (ms), remade every second.
 * The component is drawn again only when it differs.
 */
export function useTicking<T extends string | number>(made: (serverNow: number) => T): T {
  const store = useLiveStore();
  return useSyncExternalStore(subscribe, () => made(Date.now() + store.get().clockOffset));
}
