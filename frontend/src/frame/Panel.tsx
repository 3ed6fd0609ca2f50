import type { ReactNode } from 'react';
import classes from './Page.module.css';

/** A part of a page with its heading. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.padded} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
