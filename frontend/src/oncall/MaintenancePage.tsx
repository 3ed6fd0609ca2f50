import { Button } from '@mantine/core';
import { removeEntry, type EntryPath, type Silence, type Window } from '../api/oncall';
import { LedIcon } from '../state/Led';
import { exactTime } from '../time/format';
import { Frame, Problem } from './Frame';
import { useChange, useEntries } from './useEntries';
import { WindowForm } from './WindowForm';
import classes from './OnCall.module.css';

interface Held {
  readonly path: EntryPath;
  readonly name: string;
  readonly holds: boolean;
  readonly detail: string;
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
        <Entries items={windows.items.map(windowLine)} />
        <WindowForm />
      </section>
      <section className={classes.panel} aria-labelledby="silences">
        <h2 id="silences">Silences</h2>
        <Entries items={silences.items.map(silenceLine)} />
        {silences.items.length === 0 && <p className={classes.empty}>None.</p>}
      </section>
    </Frame>
  );
}

function windowLine(window: Window): Held {
  const covers = [...window.services, ...window.groups.map((group) => `group ${group}`)].join(', ') || 'everything';
  const times = `${window.start.replace('T', ' ')} to ${window.end.replace('T', ' ')} ${window.zone}`;
  const detail = [covers, times, window.repeat, window.reason].filter(Boolean).join(' · ');
  return { path: 'maintenance-windows', name: window.name, holds: window.open_until !== null, detail };
}

function silenceLine(silence: Silence): Held {
  const matchers = silence.matchers.map(
    ({ name, value, equal, regex }) => `${name}${equal ? '' : '!'}${regex ? '~' : '='}${value}`,
  );
  const detail = [matchers.join(', '), `until ${exactTime(silence.end)}`, silence.created_by, silence.comment];
  return { path: 'silences', name: silence.name, holds: silence.active, detail: detail.filter(Boolean).join(' · ') };
}

function Entries({ items }: { items: readonly Held[] }) {
  const change = useChange(({ path, name }: Held) => removeEntry(path, name));
  return (
    <>
      <Problem text={change.problem} />
      <ul className={classes.list}>
        {items.map((item) => (
          <li key={item.name} className={classes.row} data-look={item.holds ? 'unhealthy' : 'paused'}>
            <span className={classes.word}>
              <LedIcon look={item.holds ? 'unhealthy' : 'paused'} />
              {item.holds ? 'HOLDS NOW' : 'NOT NOW'}
            </span>
            <span className={classes.name}>{item.name}</span>
            <span className={classes.detail}>{item.detail}</span>
            <Button variant="subtle" size="compact-xs" disabled={change.busy} onClick={() => change.run(item)}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
