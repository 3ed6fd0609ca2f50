import type { ReactNode } from 'react';
import classes from './Incidents.module.css';

/** A part of the page of an incident. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.panel} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
