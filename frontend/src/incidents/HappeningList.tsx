import { Link } from 'react-router';
import type { Happening } from '../api/story';
import { exactTime } from '../time/format';
import { KIND_WORDS, placeOf, sentenceOf, sinceOpening } from './happenings';
import classes from './Story.module.css';

interface HappeningListProps {
  happenings: readonly Happening[];
  /** When the incident opened. */
  opened: string;
  label: string;
}

/** What was done, oldest first, each line leading to the page that tells more. */
export function HappeningList({ happenings, opened, label }: HappeningListProps) {
  return (
    <ol className={classes.list} aria-label={label}>
      {happenings.map((item) => (
        <li key={`${item.kind} ${item.id}`} className={classes.happening} data-kind={item.kind}>
          <time dateTime={item.at} title={exactTime(item.at)}>
            {sinceOpening(item.at, opened)}
          </time>
          <span className={classes.kind}>{KIND_WORDS[item.kind]}</span>
          <span>
            <Link to={placeOf(item)}>{sentenceOf(item)}</Link>{' '}
            <span className={classes.dim}>
              {[item.outcome, item.text, `by ${item.by}`].filter(Boolean).join(' · ')}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}
