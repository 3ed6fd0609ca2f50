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
 * A text made from the server's present time (ms), remade every second.
 * The component is drawn again only when the text differs.
 */
export function useTicking(text: (serverNow: number) => string): string {
  const store = useLiveStore();
  return useSyncExternalStore(subscribe, () => text(Date.now() + store.get().clockOffset));
}
