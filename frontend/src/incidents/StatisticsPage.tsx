import { SegmentedControl, Skeleton } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { describe, servicePath } from '../api/client';
import { readNumbers, SEVERITIES, type IncidentNumbers, type Volume } from '../api/incidents';
import { Problem } from '../frame/Problem';
import { useTopic } from '../live/useTopic';
import { exactTime } from '../time/format';
import { Panel } from '../frame/Panel';
import { SEVERITY_WORDS, span } from './words';
import classes from './Incidents.module.css';

const PERIODS = [
  { value: '1', label: 'Day' },
  { value: '7', label: 'Week' },
  { value: '30', label: 'Month' },
  { value: '365', label: 'Year' },
];

interface TimeChart {
  readonly title: string;
  /** What a step's column is as high as; null where there is nothing to measure. */
  readonly height: (step: Volume) => number | null;
  readonly words: (height: number) => string;
}

const CHARTS: readonly TimeChart[] = [
  { title: 'Volume', height: (step) => step.count, words: String },
  { title: 'Mean time to answer (MTTA)', height: (step) => step.mtta_seconds, words: span },
  { title: 'Mean time to repair (MTTR)', height: (step) => step.mttr_seconds, words: span },
];

/** `/incidents/statistics`: how many, how fast answered, how fast repaired, and who makes the noise. */
export default function StatisticsPage() {
  const [params, setParams] = useSearchParams();
  const days = PERIODS.find(({ value }) => value === params.get('days'))?.value ?? '30';
  useTopic('incidents');
  const { data, error } = useQuery({
    queryKey: ['incidents', 'numbers', days],
    queryFn: ({ signal }) => readNumbers(Number(days), signal),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>Incident statistics</h1>
        <SegmentedControl
          size="xs"
          aria-label="Period"
          data={PERIODS}
          value={days}
          onChange={(value) => setParams({ days: value }, { replace: true })}
        />
      </div>
      <Problem text={error === null ? null : describe(error)} />
      {data === undefined ? error === null && <Skeleton height={320} radius={6} /> : <Numbers numbers={data} />}
    </>
  );
}

function Numbers({ numbers }: { numbers: IncidentNumbers }) {
  return (
    <>
      <div className={classes.tiles}>
        <Tile word="incidents" value={numbers.incidents} />
        <Tile word="unresolved" value={numbers.unresolved} />
        <Tile word="alerts" value={numbers.alerts} />
        <Tile word={`MTTA, 95 %: ${span(numbers.mtta_p95_seconds)}`} value={span(numbers.mtta_seconds)} />
        <Tile word={`MTTR, 95 %: ${span(numbers.mttr_p95_seconds)}`} value={span(numbers.mttr_seconds)} />
      </div>
      <div className={classes.detail}>
        <div>
          {CHARTS.map((chart) => (
            <Panel key={chart.title} title={chart.title}>
              <Columns volume={numbers.volume} chart={chart} />
            </Panel>
          ))}
        </div>
        <div>
          <Panel title="By severity">
            <Bars
              rows={SEVERITIES.map((severity) => ({
                key: severity,
                label: SEVERITY_WORDS[severity],
                count: numbers.by_severity[severity] ?? 0,
              }))}
            />
          </Panel>
          <Panel title="Noisiest services, by alerts">
            <Bars
              rows={numbers.noisiest.map(({ service, alerts }) => ({
                key: service,
                label: <Link to={`/services/${servicePath(service)}`}>{service}</Link>,
                count: alerts,
              }))}
            />
          </Panel>
        </div>
      </div>
    </>
  );
}

function Tile({ word, value }: { word: string; value: ReactNode }) {
  return (
    <div className={classes.tile}>
      <b>{value}</b>
      <span>{word}</span>
    </div>
  );
}

interface BarRow {
  readonly key: string;
  readonly label: ReactNode;
  readonly count: number;
}

function Bars({ rows }: { rows: readonly BarRow[] }) {
  const most = Math.max(1, ...rows.map((row) => row.count));
  if (rows.length === 0) return <p>Nothing in this period.</p>;
  return (
    <ul className={classes.bars}>
      {rows.map((row) => (
        <li key={row.key} className={classes.bar}>
          <span>{row.label}</span>
          <meter min={0} max={most} value={row.count} aria-label={`${row.key}: ${row.count}`} />
          <b>{row.count}</b>
        </li>
      ))}
    </ul>
  );
}

/** One column per hour or day. Each names its moment, count and mean times. */
function Columns({ volume, chart }: { volume: readonly Volume[]; chart: TimeChart }) {
  const { title, height, words } = chart;
  const most = Math.max(0, ...volume.map((step) => height(step) ?? 0));
  const [first, last] = [volume[0], volume.at(-1)];
  if (first === undefined || last === undefined) return <p>No incident was opened in this period.</p>;
  return (
    <>
      <div className={classes.columns} role="img" aria-label={`${title} over time, at most ${words(most)}`}>
        {volume.map((step) => (
          <div
            key={step.at}
            className={classes.column}
            style={{ height: `${((height(step) ?? 0) / (most || 1)) * 100}%` }}
            title={`${exactTime(step.at)}: ${step.count}, MTTA ${span(step.mtta_seconds)}, MTTR ${span(step.mttr_seconds)}`}
          />
        ))}
      </div>
      <p className={classes.scale}>
        <span>{exactTime(first.at)}</span>
        <span>most: {words(most)}</span>
        <span>{exactTime(last.at)}</span>
      </p>
    </>
  );
}
