import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Sample } from '../live/stats';
import { clockTime } from '../time/format';
import { rowsOf, type Extent, type Mark } from './marks';
import { columnsOf, type ChartSpec } from './series';
import classes from './Chart.module.css';

const HEIGHT = 168;
/** From one row of labels to the next. */
const LABEL_ROW = 13;
const POWERS_OF_TWO = Array.from({ length: 44 }, (_, exponent) => 2 ** exponent);

interface ChartProps {
  spec: ChartSpec;
  samples: readonly Sample[];
  marks: readonly Mark[];
  /** How far back the axis goes, seconds. */
  span: number;
  /** Charts with the same key share their crosshair. */
  syncKey: string;
}

/** One chart. Drag to zoom, double-click to see everything again. */
export function Chart({ spec, samples, marks, span, syncKey }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const newest = useRef({ marks, span });
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    newest.current = { marks, span };
  });
  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const made = new uPlot(
      options(spec, box.clientWidth, syncKey, () => newest.current),
      [[]],
      box,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height: HEIGHT }));
    observer.observe(box);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
    // The colours are read when a chart is made, so another scheme makes another chart.
  }, [spec, syncKey, scheme]);
  useEffect(() => {
    const zoomed = place.current?.dataset.zoomed !== undefined;
    chart.current?.setData(columnsOf(samples, spec.series), !zoomed);
    if (zoomed) chart.current?.redraw();
  }, [samples, spec, marks, span, scheme]);
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.title}>
        {spec.title}
        <span className={classes.now}>{newestText(spec, samples)}</span>
      </figcaption>
      <div
        ref={place}
        className={classes.place}
        role="img"
        aria-label={`${spec.title}: ${newestText(spec, samples)}`}
      />
    </figure>
  );
}

function newestText(spec: ChartSpec, samples: readonly Sample[]): string {
  const sample = samples.at(-1);
  if (sample === undefined) return 'not measured yet';
  return spec.series
    .map(({ label, value }) => {
      const now = value(sample, samples.at(-2));
      return now === null ? null : `${spec.format(now)} ${label}`;
    })
    .filter(Boolean)
    .join(' · ');
}

const clock = (seconds: number): string => clockTime(new Date(seconds * 1_000).toISOString());

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

type Newest = () => { readonly marks: readonly Mark[]; readonly span: number };

function options(spec: ChartSpec, width: number, syncKey: string, newest: Newest): uPlot.Options {
  const axis = { stroke: colour('--text-faint'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const font = `11px ${colour('--sans')}`;
  return {
    width,
    height: HEIGHT,
    cursor: { sync: { key: syncKey }, drag: { x: true, y: false }, points: { size: 6 } },
    legend: { live: true },
    scales: {
      x: { range: (plot, from, to) => xRange(plot, from, to, newest().span) },
      y: { range: (_, __, top) => [0, Math.max(top * 1.15, 1)] },
    },
    axes: [
      { ...axis, font, size: 26, values: (_, ticks) => ticks.map(clock) },
      {
        ...axis,
        font,
        size: 68,
        ...(spec.binary ? { incrs: POWERS_OF_TWO } : {}),
        values: (_, ticks) => ticks.map((tick) => spec.format(tick)),
      },
    ],
    series: [
      { value: (_, at: number | null) => (at === null ? '' : clock(at)) },
      ...spec.series.map(({ label, colour: name }, index) => ({
        label,
        stroke: colour(name),
        width: 1.6,
        ...(index === 0 ? { fill: `${colour(name)}1f` } : {}),
        points: { show: false },
        value: (_: uPlot, value: number | null) => (value === null ? '–' : spec.format(value)),
      })),
    ],
    hooks: {
      draw: [(plot) => drawMarks(plot, newest().marks, font)],
      setSelect: [(plot) => plot.select.width > 0 && (parent(plot).dataset.zoomed = '')],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => delete parent(plot).dataset.zoomed)],
    },
  };
}

const parent = (plot: uPlot): HTMLElement => plot.root.parentElement ?? plot.root;

/** The span up to the newest sample; what was dragged over while it is zoomed. */
function xRange(plot: uPlot, from: number | null, to: number | null, span: number): [number, number] {
  const end = to ?? Date.now() / 1_000;
  const zoomed = from !== null && plot.root.parentElement?.dataset.zoomed !== undefined;
  return zoomed ? [from, end] : [end - span, end];
}

interface Label extends Extent {
  readonly mark: Mark;
  /** Where its line stands. */
  readonly x: number;
  readonly align: CanvasTextAlign;
}

function drawMarks(plot: uPlot, marks: readonly Mark[], font: string): void {
  const { ctx } = plot;
  const scale = window.devicePixelRatio || 1;
  ctx.save();
  ctx.font = font.replace('11px', `${11 * scale}px`);
  ctx.lineWidth = scale;
  ctx.setLineDash([3 * scale, 3 * scale]);
  const labels = marks.map((mark) => place(plot, mark, 4 * scale)).filter((label) => label !== null);
  const rows = rowsOf(labels);
  labels.forEach((label, index) => drawMark(plot, label, (11 + LABEL_ROW * (rows[index] ?? 0)) * scale));
  ctx.restore();
}

/** To the right of its line, or to the left where it would leave the chart; null outside of it. */
function place(plot: uPlot, mark: Mark, gap: number): Label | null {
  const { ctx, bbox } = plot;
  const x = plot.valToPos(mark.at, 'x', true);
  const end = bbox.left + bbox.width;
  if (x < bbox.left || x > end) return null;
  const { width } = ctx.measureText(mark.text);
  return x + width + 2 * gap > end
    ? { mark, x, align: 'right', from: x - gap - width, to: x - gap }
    : { mark, x, align: 'left', from: x + gap, to: x + gap + width };
}

function drawMark({ ctx, bbox }: uPlot, { mark, x, align, from, to }: Label, below: number): void {
  ctx.strokeStyle = ctx.fillStyle = colour(mark.colour);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.textAlign = align;
  if (below < bbox.height) ctx.fillText(mark.text, align === 'left' ? from : to, bbox.top + below);
}
