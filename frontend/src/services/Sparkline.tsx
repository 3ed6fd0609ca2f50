import { memo } from 'react';
import { WINDOW_MS, type Sample } from '../live/stats';
import classes from './Sparkline.module.css';

const WIDTH = 100;
const HEIGHT = 24;
/** Over the highest value, so that a steady line does not read as a full one. */
const HEADROOM = 1.35;
/** A hole longer than this is drawn as a hole. */
const GAP_MS = 3_500;

interface SparklineProps {
  samples: readonly Sample[];
  value: (sample: Sample) => number;
  /** What the top edge means, at least. */
  ceiling: number;
}

/** SVG path of the last minute, newest at the right edge. */
export function sparkPath(samples: readonly Sample[], value: (sample: Sample) => number, ceiling: number): string {
  const end = samples.at(-1)?.at;
  if (end === undefined) return '';
  const shown = samples.slice(samples.findIndex((sample) => end - sample.at <= WINDOW_MS));
  const top = Math.max(ceiling, ...shown.map((sample) => value(sample) * HEADROOM));
  let before = -Infinity;
  return shown
    .map((sample) => {
      const x = WIDTH * (1 - (end - sample.at) / WINDOW_MS);
      const y = HEIGHT - 1 - (HEIGHT - 2) * (value(sample) / top);
      const pen = sample.at - before > GAP_MS ? 'M' : 'L';
      before = sample.at;
      return `${pen}${x.toFixed(2)} ${y.toFixed(2)}`;
    })
    .join('');
}

/** One minute of one figure. Decoration: the figure itself stands beside it as text. */
export const Sparkline = memo(function Sparkline({ samples, value, ceiling }: SparklineProps) {
  return (
    <svg className={classes.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path className={classes.base} d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
      <path className={classes.line} d={sparkPath(samples, value, ceiling)} />
    </svg>
  );
});
