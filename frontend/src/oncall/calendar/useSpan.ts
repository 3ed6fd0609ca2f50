import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useTicking } from '../../time/clock';
import { spanOfDays, type Span } from './span';

export interface Days {
  readonly span: Span;
  readonly count: number;
  /** 0: from today on. */
  readonly step: number;
  readonly go: (step: number) => void;
}

/** The days that a calendar shows: two weeks, one on a narrow screen, and the way to earlier and later ones. */
export function useSpan(): Days {
  const [step, go] = useState(0);
  const count = useMediaQuery('(width <= 720px)') ? 7 : 14;
  const today = useTicking((now) => new Date(now).setHours(0, 0, 0, 0));
  const first = new Date(today);
  first.setDate(first.getDate() + step * count);
  return { span: spanOfDays(first, count), count, step, go };
}
