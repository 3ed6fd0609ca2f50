import { IconAlertTriangle } from '@tabler/icons-react';
import classes from './Problem.module.css';

interface ProblemProps {
  readonly text: string | null;
  /** `status` for what may wait. */
  readonly role?: 'alert' | 'status';
}

/** What is wrong, and nothing when nothing is. */
export function Problem({ text, role = 'alert' }: ProblemProps) {
  if (text === null) return null;
  return (
    <p className={classes.problem} role={role}>
      <IconAlertTriangle size={16} aria-hidden="true" />
      {text}
    </p>
  );
}
