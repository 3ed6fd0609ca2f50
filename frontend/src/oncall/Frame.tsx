import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import classes from './OnCall.module.css';

const TABS = [
  { to: '/oncall', word: 'Schedules' },
  { to: '/oncall/people', word: 'People and teams' },
  { to: '/oncall/policies', word: 'Policies' },
  { to: '/oncall/contacts', word: 'Emergency contacts' },
  { to: '/oncall/notifications', word: 'Notifications' },
  { to: '/oncall/maintenance', word: 'Maintenance' },
  { to: '/oncall/replay', word: 'What if' },
];

/** The head that the pages of on-call share. */
export function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>{title}</h1>
        <nav className={classes.tabs} aria-label="On-call">
          {TABS.map(({ to, word }) => (
            <NavLink key={to} to={to} end>
              {word}
            </NavLink>
          ))}
        </nav>
      </div>
      <div className={classes.page}>{children}</div>
    </>
  );
}
