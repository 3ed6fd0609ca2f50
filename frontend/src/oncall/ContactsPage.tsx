import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { addContact, removeEntry, replaceContact, type Contact, type NewContact } from '../api/oncall';
import { ContactForm } from './ContactForm';
import { Problem } from '../frame/Problem';
import { Frame } from './Frame';
import { Reach } from './Reach';
import { useChange, useCurrent, useEntries } from './useEntries';
import classes from './OnCall.module.css';

/** `/oncall/contacts`: whom to call or where to write in an emergency, beside who is paged by itself. */
export default function ContactsPage() {
  const contacts = useEntries('contacts');
  const listed = contacts.items.toSorted((left, right) => left.order - right.order);
  return (
    <Frame title="Emergency contacts">
      <Problem text={contacts.problem} />
      {contacts.loading && <Skeleton height={180} radius={6} />}
      <section className={classes.panel} aria-labelledby="emergency-contacts">
        <h2 id="emergency-contacts">Contacts</h2>
        <ul className={classes.list}>
          {listed.map((contact) => (
            <Row key={contact.name} contact={contact} />
          ))}
        </ul>
        {!contacts.loading && contacts.problem === null && listed.length === 0 && (
          <p className={classes.empty}>Nobody is listed yet. Add the first one below.</p>
        )}
      </section>
      <NewContactPanel next={(listed.at(-1)?.order ?? 0) + 1} />
    </Frame>
  );
}

function Row({ contact }: { contact: Contact }) {
  const [editing, setEditing] = useState(false);
  const close = (): void => setEditing(false);
  const change = useChange((fresh: NewContact) => replaceContact(fresh, contact.revision), close);
  const removal = useChange(() => removeEntry('contacts', contact));
  if (editing) {
    return (
      <li className={classes.row}>
        <ContactForm
          contact={contact}
          busy={change.busy}
          problem={change.problem}
          onSave={change.run}
          onCancel={close}
        />
      </li>
    );
  }
  return (
    <li className={classes.row}>
      <span className={classes.name}>{contact.title}</span>
      <Person contact={contact} />
      <span className={classes.detail}>{contact.purpose}</span>
      <Button variant="default" size="compact-xs" aria-label={`Edit ${contact.title}`} onClick={() => setEditing(true)}>
        Edit
      </Button>
      <Button
        variant="subtle"
        size="compact-xs"
        aria-label={`Remove ${contact.title}`}
        loading={removal.busy}
        onClick={() => removal.run(undefined)}
      >
        Remove
      </Button>
      <Problem text={removal.problem} />
    </li>
  );
}

/** Who it is now, and how to reach them. */
function Person({ contact: { schedule, reach } }: { contact: Contact }) {
  const shift = useCurrent()?.find((item) => item.schedule === schedule);
  const person = shift === undefined ? `schedule ${schedule}` : (shift.user ?? 'nobody now');
  return (
    <span>
      {schedule !== '' && <strong>{person}</strong>} <Reach text={reach} />
      {schedule === '' && reach === '' && <span className={classes.detail}>not filled in</span>}
    </span>
  );
}

function NewContactPanel({ next }: { next: number }) {
  const [added, setAdded] = useState(0);
  const change = useChange(addContact, () => setAdded((count) => count + 1));
  return (
    <section className={classes.panel} aria-labelledby="add-contact">
      <h2 id="add-contact">Add a contact</h2>
      <ContactForm key={added} order={next} busy={change.busy} problem={change.problem} onSave={change.run} />
    </section>
  );
}
