import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { stretchBetween, type Span } from './span';

/** A hand trembles this much when it only means to point at something. */
const TREMBLE_PX = 5;

export interface Pick {
  /** What is being drawn over now; null while nothing is. */
  readonly drawn: Span | null;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
  };
}

/** Where a point lies in a line: 0 is its left end, 1 its right. */
function placeIn(line: HTMLElement, x: number): number {
  const { left, width } = line.getBoundingClientRect();
  return (x - left) / width;
}

/** Draws a stretch over a line of the calendar by mouse, pen or finger; Escape gives it up. */
export function usePick(span: Span, onPick: (stretch: Span) => void): Pick {
  const [places, setPlaces] = useState<readonly [number, number] | null>(null);
  const from = useRef<number | null>(null);
  const drawn = places === null ? null : stretchBetween(...places, span);
  const drop = (): void => {
    from.current = null;
    setPlaces(null);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') drop();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return {
    drawn,
    handlers: {
      onPointerDown: ({ isPrimary, button, clientX }) => {
        from.current = isPrimary && button === 0 ? clientX : null;
      },
      onPointerMove: ({ currentTarget: line, pointerId, isPrimary, buttons, clientX }) => {
        if (from.current === null || !isPrimary || buttons === 0) return;
        if (places === null && Math.abs(clientX - from.current) < TREMBLE_PX) return;
        // From here on it is no click on what lies under it.
        line.setPointerCapture(pointerId);
        setPlaces([placeIn(line, from.current), placeIn(line, clientX)]);
      },
      onPointerUp: () => {
        if (drawn !== null && drawn.end > drawn.start) onPick(drawn);
        drop();
      },
      onPointerCancel: drop,
    },
  };
}
