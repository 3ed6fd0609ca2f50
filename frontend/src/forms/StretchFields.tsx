import { TextField } from './fields';

/** From when to when, as fields for date and time have it. */
export interface Times {
  readonly start: string;
  readonly end: string;
}

interface StretchFieldsProps {
  readonly times: Times;
  readonly onSet: (change: Partial<Times>) => void;
  /** Behind both labels: ", by your clock". */
  readonly clock?: string;
}

/** From when to when; `start` and `end` in what is sent. */
export function StretchFields({ times, onSet, clock = '' }: StretchFieldsProps) {
  return (['start', 'end'] as const).map((path) => (
    <TextField
      key={path}
      path={path}
      label={`${path === 'start' ? 'From' : 'Until'}${clock}`}
      type="datetime-local"
      value={times[path]}
      onSet={(value) => onSet({ [path]: value })}
    />
  ));
}
