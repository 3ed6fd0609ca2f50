import { Link } from 'react-router';
import { servicePath } from '../api/client';
import classes from './ServiceName.module.css';

/** A service's name as a link to its page, a foreign project set back before it. */
export function ServiceName({ name }: { name: string }) {
  const cut = name.lastIndexOf('/') + 1;
  return (
    <Link className={classes.name} to={`/services/${servicePath(name)}`} title={name}>
      {cut > 0 && <span className={classes.project}>{name.slice(0, cut)}</span>}
      {name.slice(cut)}
    </Link>
  );
}
