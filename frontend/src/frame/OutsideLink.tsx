import { IconExternalLink } from '@tabler/icons-react';
import classes from './OutsideLink.module.css';

/** A link to another program's page: it opens beside the panel, which stays connected. */
export function OutsideLink({ to, children }: { to: string; children: string }) {
  return (
    <a className={classes.link} href={to} target="_blank" rel="noreferrer">
      {children}
      <IconExternalLink size={13} stroke={1.7} aria-hidden />
    </a>
  );
}
