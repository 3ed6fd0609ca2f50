import type { IncidentStatus, Severity } from '../api/incidents';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { SEVERITY_LOOKS, SEVERITY_WORDS, STATUS_LOOKS, STATUS_WORDS } from './words';
import classes from './Chip.module.css';

/** A state in colour, icon and word. */
export function Chip({ look, word }: { look: Look; word: string }) {
  return (
    <span className={classes.chip} data-look={look}>
      <LedIcon look={look} size={13} />
      {word}
    </span>
  );
}

export function SeverityChip({ severity }: { severity: Severity }) {
  return <Chip look={SEVERITY_LOOKS[severity]} word={SEVERITY_WORDS[severity]} />;
}

export function StatusChip({ status }: { status: IncidentStatus }) {
  return <Chip look={STATUS_LOOKS[status]} word={STATUS_WORDS[status]} />;
}
