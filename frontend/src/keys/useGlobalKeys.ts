import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { PLACES } from '../frame/places';
import { openFocusedCard, focusFilter, stepCard } from './cards';

/** A `g` waits this long for its letter. */
const CHORD_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null;
}

function isInDialog(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null;
}

/** Keys that work everywhere but in fields and dialogs. */
export function useGlobalKeys(showKeys: () => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    let chordUntil = 0;
    const go = (key: string): boolean => {
      const place = PLACES.find((each) => each.key === key);
      if (place === undefined || Date.now() > chordUntil) return false;
      chordUntil = 0;
      void navigate(place.path);
      return true;
    };
    const single: Record<string, () => boolean> = {
      g: () => {
        chordUntil = Date.now() + CHORD_MS;
        return true;
      },
      j: () => stepCard(1),
      k: () => stepCard(-1),
      '/': focusFilter,
      Enter: openFocusedCard,
      '?': () => {
        showKeys();
        return true;
      },
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isInDialog()) return;
      if (go(event.key) || single[event.key]?.()) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, showKeys]);
}
