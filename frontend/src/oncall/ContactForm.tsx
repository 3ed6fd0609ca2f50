import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { SubmitEvent } from 'react';
import type { Contact, NewContact } from '../api/oncall';
import { Problem } from '../frame/Problem';
import { useEntries } from './useEntries';
import classes from './OnCall.module.css';

interface ContactFormProps {
  /** The one that is changed; without it, a new one. */
  contact?: Contact;
  /** Place of a new one in the list. */
  order?: number;
  busy: boolean;
  problem: string | null;
  onSave: (contact: NewContact) => void;
  onCancel?: () => void;
}

/** Everything about one contact. */
export function ContactForm({ contact, order = 0, busy, problem, onSave, onCancel }: ContactFormProps) {
  const schedules = useEntries('schedules').items.map(({ name }) => ({ value: name, label: `on call: ${name}` }));
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onSave(contactOf(new FormData(event.currentTarget), contact?.name));
  };
  return (
    <form className={classes.form} onSubmit={submit} aria-label={contact ? `Edit ${contact.title}` : 'Add a contact'}>
      <TextInput size="xs" label="Who or what" name="title" required defaultValue={contact?.title} />
      <TextInput size="xs" label="For what" name="purpose" defaultValue={contact?.purpose} />
      <TextInput
        size="xs"
        label="Reached by"
        name="reach"
        placeholder="number, address, words"
        defaultValue={contact?.reach}
      />
      <NativeSelect
        // Its choices come later than the first drawing.
        key={schedules.length}
        size="xs"
        label="Whoever is"
        name="schedule"
        data={[{ value: '', label: 'always the same' }, ...schedules]}
        defaultValue={contact?.schedule}
      />
      <NumberInput size="xs" label="Place" name="order" min={0} w={80} defaultValue={contact?.order ?? order} />
      <Button size="xs" type="submit" loading={busy}>
        {contact ? 'Save' : 'Add'}
      </Button>
      {onCancel !== undefined && (
        <Button size="xs" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      )}
      <Problem text={problem} />
    </form>
  );
}

function contactOf(form: FormData, name: string | undefined): NewContact {
  const text = (field: string): string => {
    const value = form.get(field);
    return typeof value === 'string' ? value.trim() : '';
  };
  return {
    name: name ?? nameOf(text('title')),
    title: text('title'),
    purpose: text('purpose'),
    reach: text('reach'),
    schedule: text('schedule'),
    order: Number(text('order')),
  };
}

/** "Cloud support (24/7)" is kept as `cloud-support-24-7`. */
function nameOf(title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 60);
}
