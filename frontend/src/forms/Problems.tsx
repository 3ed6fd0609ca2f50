import { problemsOf } from './problems';
import classes from './Problems.module.css';

/** Everything that is wrong, at once; nothing while nothing is. */
export function Problems({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <ul className={classes.problems} role="alert">
      {problemsOf(error).map(({ field, reason, line }) => (
        <li key={`${field} ${reason}`}>
          {line !== undefined && line !== null && <span className={classes.line}>line {line}</span>}
          {field !== '' && <code>{field}</code>} {reason}
        </li>
      ))}
    </ul>
  );
}
