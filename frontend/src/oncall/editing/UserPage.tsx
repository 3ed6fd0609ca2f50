import type { ContactMethod, Draft } from '../../api/oncall';
import { ItemList } from '../../forms/ItemList';
import { TextField } from '../../forms/fields';
import { Panel } from '../../frame/Panel';
import { HERE } from '../../time/zones';
import { entryPage, type FieldsProps } from './entryPage';
import { HoursFields } from './HoursFields';
import { MethodFields } from './MethodFields';
import { ZoneField } from '../../forms/ZoneField';
import forms from '../../forms/Form.module.css';

const blank = (): Draft<'users'> => ({ name: '', full_name: '', role: '', zone: HERE, methods: [], quiet: null });
const NEW_METHOD: ContactMethod = { channel: 'webhook', target: '', urgencies: ['high', 'low'] };

/** `/oncall/users/new` and `/oncall/users/<name>`: somebody who can be told something, and by which ways. */
export default entryPage({ path: 'users', noun: 'user', back: '/oncall/people', blank, Fields });

function Fields({ draft, set, kept }: FieldsProps<'users'>) {
  return (
    <>
      <Panel title="Person or place">
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
      </Panel>
      <Panel title="Contact methods, tried in this order until one confirms">
        <ItemList
          noun="contact method"
          path="methods"
          items={draft.methods}
          onSet={(methods) => set({ methods })}
          fresh={() => NEW_METHOD}
        >
          {(method, setMethod, place) => <MethodFields method={method} place={place} user={kept} onSet={setMethod} />}
        </ItemList>
      </Panel>
      <Panel title="Quiet hours">
        <HoursFields
          path="quiet"
          label="Messages of low urgency wait for the end of these hours"
          hours={draft.quiet}
          onSet={(quiet) => set({ quiet })}
        />
      </Panel>
    </>
  );
}
