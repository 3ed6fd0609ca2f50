import { IconAlertTriangle } from '@tabler/icons-react';
import type { PolicyProblem } from '../api/remediation';
import classes from './RemediationPage.module.css';

/** A policy file that is not valid: where, what was expected there, and what holds instead. */
export function FileProblem({ problem }: { problem: PolicyProblem }) {
  return (
    <p className={classes.problem} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      <span>
        <strong>
          {problem.file}, line {problem.line}
        </strong>{' '}
        is not valid. {problem.expected}. In force: {problem.in_force}.
      </span>
    </p>
  );
}
