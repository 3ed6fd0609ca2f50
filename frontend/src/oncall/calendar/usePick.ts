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
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: () => void;
  };
}

const isTremble = (from: number, to: number): boolean => Math.abs(to - from) < TREMBLE_PX;

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
        if (places === null && isTremble(from.current, clientX)) return;
        // From here on it is no click on what lies under it.
        line.setPointerCapture(pointerId);
        setPlaces([placeIn(line, from.current), placeIn(line, clientX)]);
      },
      // Where it was lifted, which may be further than the last movement that was told.
      onPointerUp: ({ currentTarget: line, clientX }) => {
        if (from.current !== null && !isTremble(from.current, clientX)) {
          onPick(stretchBetween(placeIn(line, from.current), placeIn(line, clientX), span));
        }
        drop();
      },
      onPointerCancel: drop,
    },
  };
}
