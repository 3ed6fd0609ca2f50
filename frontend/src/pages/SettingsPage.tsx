import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Dependency } from '../api/types';
import { useDependencies, useServices } from '../live/hooks';
import type { Look } from '../state/language';
import { addressOf, doorsOf } from '../frame/doors';
import { OutsideLink } from '../frame/OutsideLink';
import { useAbout } from '../frame/useAbout';
import { LedIcon } from '../state/Led';
import { Ago } from '../time/Ago';
import { ManagedServices } from './ManagedServices';
import classes from './SettingsPage.module.css';

const LOOKS: Record<Dependency['state'], Look> = { up: 'up', down: 'down', unknown: 'unknown' };

/** What the panel itself stands on, its versions, and what it manages by which labels. */
export default function SettingsPage() {
  const dependencies = useDependencies();
  const broken = [...useServices().values()].filter((service) => service.misconfigured !== null);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Settings</h1>
      <section className={classes.panel} aria-labelledby="dependencies">
        <h2 id="dependencies">What the panel depends on</h2>
        <ul>
          {dependencies.map((dependency) => (
            <li key={dependency.name} data-look={LOOKS[dependency.state]}>
              <LedIcon look={LOOKS[dependency.state]} />
              <span className={classes.name}>{dependency.name}</span>
              <span className={classes.word}>{dependency.state.toUpperCase()}</span>
              <span className={classes.detail}>
                <Ago at={dependency.since} phrase={(duration) => `for ${duration}`} /> {dependency.detail}
              </span>
            </li>
          ))}
          {dependencies.length === 0 && <li>Nothing has been reported yet.</li>}
        </ul>
      </section>
      <Versions />
      <Doors />
      <section className={classes.panel} aria-labelledby="misconfigured">
        <h2 id="misconfigured">Misconfigured services</h2>
        <ul>
          {broken.map((service) => (
            <li key={service.name} data-look="misconfigured">
              <LedIcon look="misconfigured" />
              <Link className={classes.name} to={`/services/${servicePath(service.name)}`}>
                {service.name}
              </Link>
              <span className={classes.detail}>{service.misconfigured}</span>
            </li>
          ))}
          {broken.length === 0 && <li>None: every label could be used.</li>}
        </ul>
      </section>
      <section className={classes.panel} aria-labelledby="managed">
        <h2 id="managed">What is managed, and why</h2>
        <p className={classes.hint}>
          A container is managed because it carries <code>incidentops.service</code>; the other labels begin with{' '}
          <code>incidentops.</code> too.
        </p>
        <ManagedServices />
      </section>
    </div>
  );
}

/** Nothing where the stack runs without them. */
function Doors() {
  const doors = doorsOf(useServices());
  if (doors.length === 0) return null;
  return (
    <section className={classes.panel} aria-labelledby="doors">
      <h2 id="doors">Where else to look</h2>
      <ul>
        {doors.map((door) => (
          <li key={door.service}>
            <span className={classes.name}>
              <OutsideLink to={addressOf(door)}>{door.word}</OutsideLink>
            </span>
            <span className={classes.detail}>{door.shows}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Versions() {
  const about = useAbout();
  const engine = about?.engine;
  return (
    <section className={classes.panel} aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      <ul>
        <Version name="panel" version={PANEL_VERSION} />
        <Version name="backend" version={about?.version ?? 'unknown'} />
        <Version
          name="engine"
          version={engine ? `${engine.kind} ${engine.version}` : 'unknown'}
          detail={engine ? `API ${engine.api_version}, on ${engine.host}` : ''}
        />
      </ul>
    </section>
  );
}

function Version({ name, version, detail = '' }: { name: string; version: string; detail?: string }) {
  return (
    <li>
      <span className={classes.name}>{name}</span>
      <code className={classes.version}>{version}</code>
      <span className={classes.detail}>{detail}</span>
    </li>
  );
}
