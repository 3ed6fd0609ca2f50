import type { ServiceStats } from '../api/types';
import type { Sample } from '../live/stats';
import { bytes, percent } from '../time/format';

/** A figure over time. `value` may look at the sample before, null where it cannot be told. */
export interface Series {
  readonly label: string;
  /** A CSS variable. */
  readonly colour: string;
  readonly value: (sample: Sample, before: Sample | undefined) => number | null;
}

export interface ChartSpec {
  readonly title: string;
  readonly format: (value: number) => string;
  /** Ticks fall on powers of two. */
  readonly binary: boolean;
  readonly series: readonly Series[];
}

/** A hole longer than this is drawn as a hole. */
const GAP_MS = 3_500;

const rate = (value: number): string => `${bytes(value)}/s`;

/** Bytes per second between two samples of a counter; a counter that fell began anew. */
function perSecond(counter: keyof ServiceStats): Series['value'] {
  return (sample, before) => {
    if (before === undefined || sample.at <= before.at) return null;
    const grown = (sample.stats[counter] ?? 0) - (before.stats[counter] ?? 0);
    return grown < 0 ? null : (grown * 1_000) / (sample.at - before.at);
  };
}

export const CHARTS: readonly ChartSpec[] = [
  {
    title: 'CPU',
    format: percent,
    binary: false,
    series: [{ label: 'of one core', colour: '--accent', value: (sample) => sample.stats.cpu_percent }],
  },
  {
    title: 'Memory',
    format: bytes,
    binary: true,
    series: [{ label: 'in use', colour: '--accent', value: (sample) => sample.stats.memory_bytes }],
  },
  {
    title: 'Network',
    format: rate,
    binary: true,
    series: [
      { label: 'received', colour: '--accent', value: (sample) => sample.stats.net_rx_rate },
      { label: 'sent', colour: '--fault', value: (sample) => sample.stats.net_tx_rate },
    ],
  },
  {
    title: 'Block I/O',
    format: rate,
    binary: true,
    series: [
      { label: 'read', colour: '--accent', value: perSecond('block_read_bytes') },
      { label: 'written', colour: '--fault', value: perSecond('block_write_bytes') },
    ],
  },
];

export type Columns = [number[], ...(number | null)[][]];

/** Samples as uPlot wants them: seconds, then one column per series, with nulls in the holes. */
export function columnsOf(samples: readonly Sample[], series: readonly Series[]): Columns {
  const times: number[] = [];
  const values: (number | null)[][] = series.map(() => []);
  samples.forEach((sample, index) => {
    const before = samples[index - 1];
    if (before !== undefined && sample.at - before.at > GAP_MS) {
      times.push((before.at + 1) / 1_000);
      values.forEach((column) => column.push(null));
    }
    times.push(sample.at / 1_000);
    series.forEach((each, place) => values[place]?.push(each.value(sample, before)));
  });
  return [times, ...values];
}
