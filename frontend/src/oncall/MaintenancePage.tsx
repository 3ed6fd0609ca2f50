import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { endWindow, type Silence, type Window } from '../api/oncall';
import { Problem } from '../frame/Problem';
import { LedIcon } from '../state/Led';
import { exactTime } from '../time/format';
import { AddButton } from './AddButton';
import { matcherText } from './editing/matchers';
import { endSilence } from './ending';
import { Frame } from './Frame';
import { useChange, useEntries } from './useEntries';
import classes from './OnCall.module.css';

interface Held {
  readonly name: string;
  readonly holds: boolean;
  readonly detail: string;
  readonly edit: string;
  /** Lets it end now; null when there is nothing to end. */
  readonly end: (() => Promise<unknown>) | null;
}

/** `/oncall/maintenance`: when nobody is paged although something is wrong. */
export default function MaintenancePage() {
  const windows = useEntries('maintenance-windows');
  const silences = useEntries('silences');
  return (
    <Frame title="Maintenance">
      <Problem text={windows.problem ?? silences.problem} />
      <section className={classes.panel} aria-labelledby="windows">
        <h2 id="windows">Maintenance windows</h2>
        <p className={classes.empty}>Nobody is paged while one is open; incidents are opened and resolved as ever.</p>
        <Entries label="Maintenance windows" items={windows.items.map(windowLine)} />
        <AddButton to="/oncall/maintenance/windows/new" what="window" />
      </section>
      <section className={classes.panel} aria-labelledby="silences">
        <h2 id="silences">Silences</h2>
        <p className={classes.empty}>Nobody is paged for alerts that fit; amtool’s show here, too.</p>
        <Entries label="Silences" items={silences.items.map(silenceLine)} />
        <AddButton to="/oncall/maintenance/silences/new" what="silence" />
      </section>
    </Frame>
  );
}

function windowLine(window: Window): Held {
  const covers = [...window.services, ...window.groups.map((group) => `group ${group}`)].join(', ') || 'everything';
  const [start, end] = [window.start, window.end].map((at) => at.slice(0, 16).replace('T', ' '));
  const times = `${start} to ${end} ${window.zone}`;
  const holds = window.open_until !== null;
  return {
    name: window.name,
    holds,
    detail: [covers, times, repeatOf(window), window.reason].filter(Boolean).join(' · '),
    edit: `/oncall/maintenance/windows/${window.name}`,
    end: holds ? () => endWindow(window.name) : null,
  };
}

const repeatOf = ({ repeat, last }: Window): string => (last === null ? repeat : `${repeat}, the last time on ${last}`);

function silenceLine(silence: Silence): Held {
  const matchers = silence.matchers.map(matcherText).join(', ');
  const detail = [matchers, `until ${exactTime(silence.end)}`, silence.created_by, silence.comment];
  return {
    name: silence.name,
    holds: silence.active,
    detail: detail.filter(Boolean).join(' · '),
    edit: `/oncall/maintenance/silences/${silence.name}`,
    end: silence.active ? () => endSilence(silence) : null,
  };
}

function Entries({ label, items }: { label: string; items: readonly Held[] }) {
  const change = useChange((end: () => Promise<unknown>) => end());
  return (
    <>
      <Problem text={change.problem} />
      <ul className={classes.list} aria-label={label}>
        {items.map((item) => (
          <Entry key={item.name} item={item} busy={change.busy} onEnd={change.run} />
        ))}
      </ul>
    </>
  );
}

interface EntryProps {
  readonly item: Held;
  readonly busy: boolean;
  readonly onEnd: (end: () => Promise<unknown>) => void;
}

function Entry({ item: { name, holds, detail, edit, end }, busy, onEnd }: EntryProps) {
  return (
    <li className={classes.row} data-look={holds ? 'unhealthy' : 'paused'}>
      <span className={classes.word}>
        <LedIcon look={holds ? 'unhealthy' : 'paused'} />
        {holds ? 'HOLDS NOW' : 'NOT NOW'}
      </span>
      <Link className={classes.name} to={edit}>
        {name}
      </Link>
      <span className={classes.detail}>{detail}</span>
      {end !== null && (
        <Button
          variant="default"
          size="compact-xs"
          disabled={busy}
          aria-label={`End ${name} now`}
          onClick={() => onEnd(end)}
        >
          End now
        </Button>
      )}
    </li>
  );
}
