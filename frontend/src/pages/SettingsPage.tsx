import { Link } from 'react-router';
import { servicePath } from '../api/client';
import type { Dependency } from '../api/types';
import { useDependencies, useServices } from '../live/hooks';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { Ago } from '../time/Ago';
import classes from './SettingsPage.module.css';

const LOOKS: Record<Dependency['state'], Look> = { up: 'up', down: 'down', unknown: 'unknown' };

/** What the panel itself stands on, and which labels it could not use. */
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
    </div>
  );
}
