import type { Difference, PagedDifferently, ReplayedPage } from '../api/replay';
import { exactTime } from '../time/format';
import classes from './OnCall.module.css';

/** What a replay found. */
export function Replayed({ difference }: { difference: Difference }) {
  const { alerts, incidents_now, incidents_then, paged_differently, paged, people } = difference;
  const hidden = paged_differently - paged.length;
  return (
    <section className={classes.panel} aria-label="What a replay found" aria-live="polite">
      <h2>
        {paged_differently === 0
          ? 'Nobody would have been paged differently'
          : `${counted(paged_differently, 'incident')} would have been paged differently`}
      </h2>
      <p className={classes.empty}>
        {alerts} alerts: {incidents_now} incidents as things are, {incidents_then} with the draft.
      </p>
      <ul className={classes.list} aria-label="People">
        {people.map(({ name, now, then }) => (
          <li key={name} className={classes.row}>
            <span className={classes.name}>{name}</span>
            <span className={classes.detail}>
              {now === then ? counted(now, 'page') : `${now} → ${counted(then, 'page')}`}
            </span>
          </li>
        ))}
      </ul>
      <ul className={classes.list} aria-label="Incidents paged differently">
        {paged.map((incident) => (
          <Incident key={incident.members[0]} incident={incident} />
        ))}
      </ul>
      {hidden > 0 && <p className={classes.empty}>{hidden} more are not shown.</p>}
    </section>
  );
}

function Incident({ incident }: { incident: PagedDifferently }) {
  return (
    <li className={classes.row}>
      <span className={classes.name}>{incident.service}</span>
      <span className={classes.detail}>
        {incident.title} · {incident.severity} · {exactTime(incident.opened_at)}
        <br />
        Now: {sentence(incident.now)}
        <br />
        Then: {sentence(incident.then)}
      </span>
    </li>
  );
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function sentence(pages: readonly ReplayedPage[] | null): string {
  if (pages === null) return 'no incident of just these alerts';
  if (pages.length === 0) return 'nobody is paged';
  return pages.map(({ at, recipient, channel }) => `${recipient} ${exactTime(at)} by ${channel}`).join(', ');
}
