import type { Entry, Harm, Run } from '../api/experiments';
import { useTicking } from '../time/clock';
import { clockTime } from '../time/format';
import { faultsOf, type FaultSpan } from './faults';
import classes from './Strip.module.css';

const WIDTH = 1_000;
const ROW = 22;
const BAR = 12;

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly look: 'steady' | 'broken' | 'unknown' | 'fault' | 'down' | 'up';
  readonly title: string;
}

interface Row {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** What the row shows, for who does not see it. */
  readonly words: string;
}

/** The run as a picture: the hypothesis second by second, the faults, and how their targets looked. `harms`: what the
 * report says of the faults, once there is one. */
export function Strip({ run, harms = [] }: { run: Run; harms?: readonly Harm[] }) {
  const now = Number(useTicking((serverNow) => String(run.ended_at === null ? Math.ceil(serverNow / 1_000) : 0)));
  const begin = Date.parse(run.requested_at);
  const end = Math.max(begin + 5_000, run.ended_at === null ? now * 1_000 : Date.parse(run.ended_at));
  const rows = [...probeRows(run, end), ...faultRows(run, harms, end), ...targetRows(run, begin, end)];
  const x = (at: number): number => ((Math.min(Math.max(at, begin), end) - begin) / (end - begin)) * WIDTH;
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <span>{clockTime(run.requested_at)}</span>
        <span>steady state, faults and targets</span>
        <span>{clockTime(new Date(end).toISOString())}</span>
      </figcaption>
      {rows.map(({ label, bars, words }, place) => (
        <div className={classes.row} key={place}>
          <span className={classes.label} title={label}>
            {label}
          </span>
          <svg
            className={classes.bars}
            viewBox={`0 0 ${WIDTH} ${ROW}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={`${label}: ${words}`}
          >
            {bars.map(({ from, to, look, title }) => (
              <rect
                key={`${from} ${look}`}
                className={classes.bar}
                data-look={look}
                x={x(from)}
                y={look === 'broken' || look === 'down' ? (ROW - BAR) / 2 - 3 : (ROW - BAR) / 2}
                width={Math.max(3, x(to) - x(from) - 1)}
                height={look === 'broken' || look === 'down' ? BAR + 6 : BAR}
              >
                <title>{title}</title>
              </rect>
            ))}
          </svg>
        </div>
      ))}
    </figure>
  );
}

function probeRows(run: Run, end: number): Row[] {
  return run.document.hypothesis.probes.map(({ name }) => {
    const asked = run.entries.filter((entry) => entry.kind === 'probe' && entry.name === name);
    const broken = asked.filter((entry) => entry.ok === false).length;
    return {
      label: name,
      words: `steady ${asked.length - broken} of ${asked.length} times`,
      bars: asked.map((entry, place) => {
        const from = Date.parse(entry.at);
        const next = asked[place + 1];
        const to = next === undefined ? from + 1_000 : Date.parse(next.at);
        return { from, to: Math.min(to, from + 1_500, end), look: lookOf(entry), title: titleOf(entry) };
      }),
    };
  });
}

const lookOf = (entry: Entry): Bar['look'] => (entry.ok === null ? 'unknown' : entry.ok ? 'steady' : 'broken');

const titleOf = (entry: Entry): string =>
  `${clockTime(entry.at)} ${entry.ok === false ? 'not steady' : 'steady'} ${String(entry.value ?? '')} ${entry.detail}`;

function faultRows(run: Run, harms: readonly Harm[], end: number): Row[] {
  return faultsOf(run).map((fault) => {
    const masked = harms.find((harm) => harm.fault_id === fault.id)?.masked ?? null;
    const over = masked === null ? fault.end : Date.parse(masked.at);
    const bar: Bar = {
      from: fault.begin,
      to: over ?? end,
      look: 'fault',
      title: `${fault.name} on ${fault.target}`,
    };
    return {
      label: `${fault.name} (${fault.target})`,
      words: wordsOf(fault, masked),
      bars: masked === null ? [bar] : [bar, { ...markOf(masked), to: bar.to + 500 }],
    };
  });
}

function wordsOf(fault: FaultSpan, masked: Harm['masked']): string {
  if (masked !== null) return `masked by a restart after ${seconds(fault.begin, Date.parse(masked.at))}: ${masked.by}`;
  return fault.end === null ? 'active' : `undone after ${seconds(fault.begin, fault.end)}`;
}

const seconds = (from: number, to: number): string => `${Math.round((to - from) / 1_000)} s`;

/** A restart that took a fault away. */
const markOf = ({ by, at }: { by: string; at: string }): Omit<Bar, 'to'> => ({
  from: Date.parse(at),
  look: 'broken',
  title: `${clockTime(at)} masked: ${by}`,
});

function targetRows(run: Run, begin: number, end: number): Row[] {
  const targets = [...new Set(run.sightings.map((sighting) => sighting.service))];
  return targets.map((service) => {
    const seen = run.sightings.filter((sighting) => sighting.service === service);
    const changes = [{ at: new Date(begin).toISOString(), state: 'running', up: true }, ...seen];
    return {
      label: `${service} as seen`,
      words: seen.map(({ state }) => state).join(', then '),
      bars: changes.map(({ at, state, up }, place) => ({
        from: Date.parse(at),
        to: Date.parse(changes[place + 1]?.at ?? new Date(end).toISOString()),
        look: up ? 'up' : 'down',
        title: `${clockTime(at)} ${state}`,
      })),
    };
  });
}
