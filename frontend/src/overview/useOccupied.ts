import { useEffect, type RefObject } from 'react';

/** Reports when a pointer or the focus comes into an element, and when both have left it. */
export function useOccupied(element: RefObject<HTMLElement | null>, report: (occupied: boolean) => void): void {
  useEffect(() => {
    const watched = element.current;
    if (watched === null) return undefined;
    let pointed = false;
    let focused = false;
    const tell = (): void => report(pointed || focused);
    const events: readonly (readonly [string, () => void])[] = [
      ['pointerenter', () => (pointed = true)],
      ['pointerleave', () => (pointed = false)],
      ['focusin', () => (focused = true)],
      ['focusout', () => (focused = false)],
    ];
    const handlers = events.map(([event, note]) => {
      const handler = (): void => {
        note();
        tell();
      };
      watched.addEventListener(event, handler);
      return [event, handler] as const;
    });
    return () => {
      for (const [event, handler] of handlers) watched.removeEventListener(event, handler);
      report(false);
    };
  }, [element, report]);
}
