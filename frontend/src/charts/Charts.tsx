import { SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { addressOf, doorsOf } from '../frame/doors';
import { OutsideLink } from '../frame/OutsideLink';
import { useActions, useSamples, useServices } from '../live/hooks';
import { Chart } from './Chart';
import { marksOf } from './marks';
import { CHARTS } from './series';
import classes from './Charts.module.css';

const SPANS = [
  { value: '60', label: '1 min' },
  { value: '300', label: '5 min' },
  { value: '900', label: '15 min' },
];

/** What a service uses over time, with the actions that explain it. Measured while somebody looks. */
export default function Charts({ service }: { service: string }) {
  const samples = useSamples(service);
  const actions = useActions(service);
  const marks = useMemo(() => marksOf(actions), [actions]);
  const doors = doorsOf(useServices());
  const [params, setParams] = useSearchParams();
  const span = SPANS.find(({ value }) => value === params.get('span'))?.value ?? '300';
  const set = (value: string): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.set('span', value);
        return after;
      },
      { replace: true },
    );
  return (
    <>
      <div className={classes.bar}>
        <SegmentedControl size="xs" aria-label="How far back" data={SPANS} value={span} onChange={set} />
        <span className={classes.hint}>
          Measured while its card or this page is open. Drag to zoom, double-click for everything.
        </span>
        {doors.map((door) => (
          <OutsideLink key={door.service} to={addressOf(door, door.about(service))}>
            {`Longer in ${door.word}`}
          </OutsideLink>
        ))}
      </div>
      <div className={classes.charts}>
        {CHARTS.map((spec) => (
          <Chart key={spec.title} spec={spec} samples={samples} marks={marks} span={Number(span)} syncKey={service} />
        ))}
      </div>
    </>
  );
}
