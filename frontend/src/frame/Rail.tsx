import { NavLink } from 'react-router';
import { Mark } from './Mark';
import { PLACES } from './places';
import classes from './Rail.module.css';

/** The way to every place; a bar at the bottom on narrow screens. */
export function Rail() {
  return (
    <nav className={classes.rail} aria-label="Places">
      <span className={classes.mark}>
        <Mark />
      </span>
      {PLACES.map(({ path, word, icon: Icon }) => (
        <NavLink key={path} to={path} end={path === '/'} className={classes.place ?? ''}>
          <Icon size={20} stroke={1.6} />
          {word}
        </NavLink>
      ))}
    </nav>
  );
}
