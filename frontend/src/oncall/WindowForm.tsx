import { Button, MultiSelect, NativeSelect, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { addWindow, REPEATS, type NewWindow, type Repeat } from '../api/oncall';
import { useServices } from '../live/hooks';
import { Problem } from './Frame';
import { useChange } from './useEntries';
import classes from './OnCall.module.css';

/** Plans a window. Its times are UTC. */
export function WindowForm() {
  const [services, setServices] = useState<string[]>([]);
  const change = useChange((window: NewWindow) => addWindow(window));
  const known = [...useServices().keys()].sort();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change.run({ ...windowOf(new FormData(event.currentTarget)), services });
  };
  return (
    <form className={classes.form} onSubmit={submit} aria-label="Plan a window">
      <TextInput size="xs" label="Name" name="name" required pattern="[a-z0-9][a-z0-9._\-]*" placeholder="db-upgrade" />
      <MultiSelect size="xs" label="Services" data={known} value={services} onChange={setServices} placeholder="all" />
      <TextInput size="xs" label="From (UTC)" name="start" type="datetime-local" required />
      <TextInput size="xs" label="Until (UTC)" name="end" type="datetime-local" required />
      <NativeSelect size="xs" label="Repeats" name="repeat" data={[...REPEATS]} />
      <TextInput size="xs" label="Why" name="reason" />
      <Button size="xs" type="submit" loading={change.busy}>
        Plan
      </Button>
      <Problem text={change.problem} />
    </form>
  );
}

function windowOf(form: FormData): Omit<NewWindow, 'services'> {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const repeat: Repeat = REPEATS.find((each) => each === text('repeat')) ?? 'once';
  return { name: text('name'), start: text('start'), end: text('end'), repeat, reason: text('reason') };
}
