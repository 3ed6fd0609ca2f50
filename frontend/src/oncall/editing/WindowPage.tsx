import { REPEATS, type Draft, type Repeat } from '../../api/oncall';
import { ChoiceField, ManyField, TextField } from '../../forms/fields';
import { StretchFields } from '../../forms/StretchFields';
import { Panel } from '../../frame/Panel';
import { useServices } from '../../live/hooks';
import { HERE, wallClock } from '../../time/zones';
import { ZoneField } from '../../forms/ZoneField';
import { entryPage, type FieldsProps } from './entryPage';
import forms from '../../forms/Form.module.css';

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
export default entryPage({ path: 'maintenance-windows', noun: 'window', back: '/oncall/maintenance', blank, Fields });

function Fields({ draft, set }: FieldsProps<'maintenance-windows'>) {
  return (
    <>
      <Panel title="When">
        <div className={forms.fields}>
          <StretchFields times={{ start: draft.start.slice(0, 16), end: draft.end.slice(0, 16) }} onSet={set} />
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
      </Panel>
      <Covered draft={draft} set={set} />
    </>
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
    <Panel title="For what; for everything when nothing is chosen">
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
    </Panel>
  );
}
