import type { RunSummary } from '../api/experiments';
import { LedIcon } from '../state/Led';
import { readVerdict } from './verdicts';
import classes from './Experiments.module.css';

/** Icon and word for how a run stands. */
export function VerdictMark({ run }: { run: Pick<RunSummary, 'phase' | 'verdict'> }) {
  const { look, word } = readVerdict(run);
  return (
    <span className={classes.mark} data-look={look}>
      <LedIcon look={look} size={13} />
      {word}
    </span>
  );
}
