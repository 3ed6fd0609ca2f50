import { useParams } from 'react-router';
import type { ContactMethod, Draft } from '../../api/oncall';
import { ItemList } from '../../forms/ItemList';
import { TextField } from '../../forms/fields';
import { HERE } from '../../time/zones';
import { EntryForm } from './EntryForm';
import { HoursFields } from './HoursFields';
import { MethodFields } from './MethodFields';
import { useEntryEditor } from './useEntryEditor';
import { ZoneField } from '../../forms/ZoneField';
import forms from '../../forms/Form.module.css';
import classes from './Editing.module.css';

const blank = (): Draft<'users'> => ({ name: '', full_name: '', role: '', zone: HERE, methods: [], quiet: null });
const NEW_METHOD: ContactMethod = { channel: 'webhook', target: '', urgencies: ['high', 'low'] };

/** `/oncall/users/new` and `/oncall/users/<name>`: somebody who can be told something, and by which ways. */
export default function UserPage() {
  const { name = null } = useParams();
  const editor = useEntryEditor('users', name, blank);
  const { draft, set } = editor;
  return (
    <EntryForm noun="user" back="/oncall/people" editor={editor}>
      <section className={classes.panel} aria-labelledby="person">
        <h2 id="person">Person or place</h2>
        <div className={forms.fields}>
          <TextField
            path="full_name"
            label="Full name"
            placeholder="Alice Liddell"
            value={draft.full_name}
            onSet={(full_name) => set({ full_name })}
          />
          <TextField
            path="role"
            label="Role"
            placeholder="engineer"
            value={draft.role}
            onSet={(role) => set({ role })}
          />
          <ZoneField value={draft.zone} onSet={(zone) => set({ zone })} />
        </div>
      </section>
      <section className={classes.panel} aria-labelledby="methods">
        <h2 id="methods">Contact methods, tried in this order until one confirms</h2>
        <ItemList
          noun="contact method"
          path="methods"
          items={draft.methods}
          onSet={(methods) => set({ methods })}
          fresh={() => NEW_METHOD}
        >
          {(method, setMethod, place) => (
            <MethodFields method={method} place={place} user={editor.kept} onSet={setMethod} />
          )}
        </ItemList>
      </section>
      <section className={classes.panel} aria-labelledby="quiet">
        <h2 id="quiet">Quiet hours</h2>
        <HoursFields
          path="quiet"
          label="Messages of low urgency wait for the end of these hours"
          hours={draft.quiet}
          onSet={(quiet) => set({ quiet })}
        />
      </section>
    </EntryForm>
  );
}
