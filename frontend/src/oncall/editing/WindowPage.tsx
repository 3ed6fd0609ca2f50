import { useParams } from 'react-router';
import { REPEATS, type Draft, type Repeat } from '../../api/oncall';
import { ChoiceField, ManyField, TextField } from '../../forms/fields';
import { useServices } from '../../live/hooks';
import { HERE, wallClock } from '../../time/zones';
import { EntryForm } from './EntryForm';
import { useEntryEditor } from './useEntryEditor';
import { ZoneField } from '../../forms/ZoneField';
import forms from '../../forms/Form.module.css';
import classes from './Editing.module.css';

const HOUR_MS = 3_600_000;
const blank = (): Draft<'maintenance-windows'> => ({
  name: '',
  start: wallClock(new Date()),
  end: wallClock(new Date(Date.now() + HOUR_MS)),
  zone: HERE,
  repeat: 'once',
  services: [],
  groups: [],
  reason: '',
  last: null,
});

/** `/oncall/maintenance/windows/new` and `/<name>`: when what is not to page. */
export default function WindowPage() {
  const { name = null } = useParams();
  const editor = useEntryEditor('maintenance-windows', name, blank);
  const { draft, set } = editor;
  return (
    <EntryForm noun="window" back="/oncall/maintenance" editor={editor}>
      <section className={classes.panel} aria-labelledby="when">
        <h2 id="when">When</h2>
        <div className={forms.fields}>
          {(['start', 'end'] as const).map((key) => (
            <TextField
              key={key}
              path={key}
              label={key === 'start' ? 'From' : 'Until'}
              type="datetime-local"
              value={draft[key].slice(0, 16)}
              onSet={(value) => set({ [key]: value })}
            />
          ))}
          <ZoneField value={draft.zone} onSet={(zone) => set({ zone })} />
          <ChoiceField
            path="repeat"
            label="Repeats"
            data={REPEATS}
            value={draft.repeat}
            onSet={(value) => set(repeating(REPEATS.find((each) => each === value) ?? 'once'))}
          />
          {draft.repeat !== 'once' && (
            <TextField
              path="last"
              label="Last day"
              description="empty: on and on"
              type="date"
              value={draft.last ?? ''}
              onSet={(value) => set({ last: value || null })}
            />
          )}
        </div>
      </section>
      <Covered draft={draft} set={set} />
    </EntryForm>
  );
}

/** What comes once has no last day. */
const repeating = (repeat: Repeat): Partial<Draft<'maintenance-windows'>> =>
  repeat === 'once' ? { repeat, last: null } : { repeat };

interface CoveredProps {
  readonly draft: Draft<'maintenance-windows'>;
  readonly set: (change: Partial<Draft<'maintenance-windows'>>) => void;
}

function Covered({ draft, set }: CoveredProps) {
  const services = [...useServices().values()];
  const names = services.map((service) => service.name);
  const groups = services.map((service) => service.group);
  return (
    <section className={classes.panel} aria-labelledby="covered">
      <h2 id="covered">For what; for everything when nothing is chosen</h2>
      <div className={forms.fields}>
        <ManyField
          path="services"
          label="Services"
          placeholder="choose services"
          data={[...new Set([...names, ...draft.services])].sort()}
          value={draft.services}
          onSet={(chosen) => set({ services: chosen })}
        />
        <ManyField
          path="groups"
          label="Groups"
          placeholder="choose groups"
          data={[...new Set([...groups, ...draft.groups])].sort()}
          value={draft.groups}
          onSet={(chosen) => set({ groups: chosen })}
        />
        <TextField path="reason" label="Why" value={draft.reason} onSet={(reason) => set({ reason })} />
      </div>
    </section>
  );
}
