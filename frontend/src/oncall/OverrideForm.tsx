import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { SubmitEvent } from 'react';
import { addOverride, type Override, type User } from '../api/oncall';
import { Problem } from './Frame';
import { useChange } from './useEntries';
import classes from './OnCall.module.css';

interface OverrideFormProps {
  schedule: string;
  users: readonly User[];
}

/** Puts somebody on call for a while, above every layer. Times are this browser's. */
export function OverrideForm({ schedule, users }: OverrideFormProps) {
  const change = useChange((override: Override) => addOverride(schedule, override));
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change.run(overrideOf(new FormData(event.currentTarget)));
  };
  return (
    <form className={classes.form} onSubmit={submit} aria-label={`Override ${schedule}`}>
      <NativeSelect size="xs" label="Override with" name="user" required data={users.map((user) => user.name)} />
      <TextInput size="xs" label="From" name="start" type="datetime-local" required />
      <TextInput size="xs" label="Until" name="end" type="datetime-local" required />
      <TextInput size="xs" label="Why" name="reason" />
      <Button size="xs" type="submit" loading={change.busy}>
        Override
      </Button>
      <Problem text={change.problem} />
    </form>
  );
}

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

function overrideOf(form: FormData): Override {
  return {
    user: text(form, 'user'),
    start: new Date(text(form, 'start')).toISOString(),
    end: new Date(text(form, 'end')).toISOString(),
    reason: text(form, 'reason'),
  };
}
