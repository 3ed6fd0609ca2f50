import type { ReactNode } from 'react';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import classes from './Notice.module.css';

/** A page or part of one that has nothing else to show, and why. */
export function Notice({ look, title, children }: { look: Look; title: string; children: ReactNode }) {
  return (
    <div className={classes.notice} role="status" data-look={look}>
      <h2 className={classes.title}>
        <LedIcon look={look} size={18} />
        {title}
      </h2>
      {children}
    </div>
  );
}
