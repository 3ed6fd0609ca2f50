import { useEffect, useState, type RefObject } from 'react';

/** Below and above the viewport this still counts as on screen, so that scrolling meets finished cards. */
const MARGIN = '300px 0px';

const callbacks = new WeakMap<Element, (onScreen: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** One observer for all cards: hundreds of them would each be asked at every scroll. */
function sharedObserver(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => entries.forEach((entry) => callbacks.get(entry.target)?.(entry.isIntersecting)),
    { rootMargin: MARGIN },
  );
  return observer;
}

/** Whether any of the element is in or near the viewport. True where the browser cannot tell. */
export function useOnScreen(element: RefObject<HTMLElement | null>): boolean {
  const canTell = 'IntersectionObserver' in window;
  const [onScreen, setOnScreen] = useState(!canTell);
  useEffect(() => {
    const watched = element.current;
    if (watched === null || !canTell) return undefined;
    callbacks.set(watched, setOnScreen);
    sharedObserver().observe(watched);
    return () => sharedObserver().unobserve(watched);
  }, [element, canTell]);
  return onScreen;
}
