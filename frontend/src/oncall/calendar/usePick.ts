import { useEffect, useState, type PointerEvent } from 'react';
import { stretchBetween, type Span } from './span';

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

const placeIn = ({ currentTarget, clientX }: PointerEvent<HTMLElement>): number => {
  const { left, width } = currentTarget.getBoundingClientRect();
  return (clientX - left) / width;
};

/** Draws a stretch over a line of the calendar by mouse, pen or finger; Escape gives it up. */
export function usePick(span: Span, onPick: (stretch: Span) => void): Pick {
  const [places, setPlaces] = useState<readonly [number, number] | null>(null);
  const drawn = places === null ? null : stretchBetween(...places, span);
  const drop = (): void => setPlaces(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setPlaces(null);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return {
    drawn,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setPlaces([placeIn(event), placeIn(event)]);
      },
      onPointerMove: (event) => {
        const place = placeIn(event);
        setPlaces((before) => before && [before[0], place]);
      },
      onPointerUp: () => {
        if (drawn !== null && drawn.end > drawn.start) onPick(drawn);
        drop();
      },
      onPointerCancel: drop,
    },
  };
}
