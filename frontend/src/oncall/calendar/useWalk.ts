import { useState, type KeyboardEvent } from 'react';

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

export interface Walk {
  /** 0 for the one button of the line that Tab reaches, -1 for the others. */
  readonly tabIndex: (place: number) => 0 | -1;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** The buttons of a line are one stop of the Tab key; arrows walk from one to the next. */
export function useWalk(count: number): Walk {
  const [at, setAt] = useState(0);
  const here = Math.min(at, count - 1);
  return {
    tabIndex: (place) => (place === here ? 0 : -1),
    onKeyDown: (event) => {
      const buttons = [...event.currentTarget.querySelectorAll('button')];
      const next = buttons.findIndex((button) => button === event.target) + (STEPS[event.key] ?? 0);
      if (STEPS[event.key] === undefined || buttons[next] === undefined) return;
      event.preventDefault();
      buttons[next].focus();
      setAt(next);
    },
  };
}
