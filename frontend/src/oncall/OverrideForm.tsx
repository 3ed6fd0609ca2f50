import { Button } from '@mantine/core';
import { useState, type Ref } from 'react';
import { addOverride, type Override, type User } from '../api/oncall';
import { ChoiceField, FieldErrors, TextField } from '../forms/fields';
import { Problems } from '../forms/Problems';
import { problemsOf, type FieldError } from '../forms/problems';
import { StretchFields, type Times } from '../forms/StretchFields';
import { instantOf, wallClock } from '../time/zones';
import type { Span } from './calendar/span';
import { useChange } from './useEntries';
import classes from './OnCall.module.css';

/** Nothing said yet. */
export const NO_TIMES: Times = { start: '', end: '' };

/** A stretch of the calendar as the fields have it. */
export const timesOf = ({ start, end }: Span): Times => ({
  start: wallClock(new Date(start)),
  end: wallClock(new Date(end)),
});

/** What the fields say as a stretch of the calendar; null while they say none. */
export function stretchOf(times: Times): Span | null {
  const [start, end] = [instantOf(times.start), instantOf(times.end)];
  return start === null || end === null ? null : { start: Date.parse(start), end: Date.parse(end) };
}

interface OverrideFormProps {
  readonly ref: Ref<HTMLFormElement>;
  readonly schedule: string;
  readonly users: readonly User[];
  readonly times: Times;
  readonly onTimes: (times: Times) => void;
}

/** Puts somebody on call for a while, above every layer. Times are this browser's. */
export function OverrideForm({ ref, schedule, users, times, onTimes }: OverrideFormProps) {
  const [user, setUser] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState<readonly FieldError[]>([]);
  const change = useChange(
    (override: Override) => addOverride(schedule, override),
    () => onTimes(NO_TIMES),
  );
  const submit = (): void => {
    const [start, end] = [instantOf(times.start), instantOf(times.end)];
    setMissing(missingOf({ user, start, end }));
    if (user !== null && start !== null && end !== null) change.run({ user, start, end, reason });
  };
  return (
    <FieldErrors value={change.error === null ? missing : problemsOf(change.error)}>
      <form
        ref={ref}
        className={classes.form}
        aria-label={`Override ${schedule}`}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ChoiceField
          path="user"
          label="Override with"
          placeholder="choose somebody"
          data={users.map(({ name }) => name)}
          value={user}
          onSet={setUser}
        />
        <StretchFields times={times} onSet={(change) => onTimes({ ...times, ...change })} />
        <TextField path="reason" label="Why" value={reason} onSet={setReason} />
        <Button size="xs" type="submit" loading={change.busy}>
          Override
        </Button>
        <Problems error={change.error} />
      </form>
    </FieldErrors>
  );
}

function missingOf(fields: Readonly<Record<string, string | null>>): FieldError[] {
  return Object.entries(fields)
    .filter(([, value]) => value === null)
    .map(([field]) => ({ field, reason: 'is needed' }));
}
