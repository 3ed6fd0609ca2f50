import type { Draft, Layer } from '../../api/oncall';
import { ItemList } from '../../forms/ItemList';
import { ChoiceField, NumberField, TextField } from '../../forms/fields';
import { Panel } from '../../frame/Panel';
import { HERE, wallClock } from '../../time/zones';
import { useEntries } from '../useEntries';
import { entryPage, type FieldsProps } from './entryPage';
import { HoursFields } from './HoursFields';
import { SchedulePreview } from './SchedulePreview';
import { ZoneField } from '../../forms/ZoneField';
import forms from '../../forms/Form.module.css';
import classes from './Editing.module.css';

const newLayer = (): Layer => ({
  name: 'weekly',
  rotation: { users: [], starts_on: wallClock(new Date()).slice(0, 10), handoff: '09:00', days: 7 },
  hours: null,
});
const blank = (): Draft<'schedules'> => ({
  name: '',
  team: '',
  zone: HERE,
  description: '',
  layers: [newLayer()],
  overrides: [],
});

/** `/oncall/schedules/new` and `/oncall/schedules/<name>`: layers of rotations, seen on the calendar before they count. */
export default entryPage({ path: 'schedules', noun: 'schedule', back: '/oncall', blank, Fields });

function Fields({ draft, set }: FieldsProps<'schedules'>) {
  const teams = useEntries('teams').items;
  return (
    <>
      <Panel title="Schedule">
        <div className={forms.fields}>
          <ChoiceField
            path="team"
            label="Team"
            placeholder="choose a team"
            data={teams.map((team) => team.name)}
            value={draft.team || null}
            onSet={(team) => set({ team: team ?? '' })}
          />
          <ZoneField value={draft.zone} onSet={(zone) => set({ zone })} />
          <TextField
            path="description"
            label="Description"
            value={draft.description}
            onSet={(description) => set({ description })}
          />
        </div>
      </Panel>
      <Panel title="Layers; each stands above those before it">
        <ItemList noun="layer" path="layers" items={draft.layers} onSet={(layers) => set({ layers })} fresh={newLayer}>
          {(layer, setLayer, place) => <LayerFields layer={layer} place={place} onSet={setLayer} />}
        </ItemList>
      </Panel>
      <SchedulePreview draft={draft} />
    </>
  );
}

function LayerFields({ layer, place, onSet }: { layer: Layer; place: number; onSet: (layer: Layer) => void }) {
  const { rotation } = layer;
  const path = `layers.${place}`;
  const turn = (change: Partial<Layer['rotation']>): void => onSet({ ...layer, rotation: { ...rotation, ...change } });
  return (
    <div className={classes.layer}>
      <div className={forms.fields}>
        <TextField path={`${path}.name`} label="Layer" value={layer.name} onSet={(name) => onSet({ ...layer, name })} />
        <NumberField
          path={`${path}.rotation.days`}
          label="Days of a turn"
          min={1}
          max={366}
          value={rotation.days}
          onSet={(days) => turn({ days })}
        />
        <TextField
          path={`${path}.rotation.handoff`}
          label="Handed over at"
          type="time"
          value={rotation.handoff.slice(0, 5)}
          onSet={(handoff) => turn({ handoff })}
        />
        <TextField
          path={`${path}.rotation.starts_on`}
          label="First turn begins on"
          type="date"
          value={rotation.starts_on}
          onSet={(starts_on) => turn({ starts_on })}
        />
      </div>
      <Participants path={`${path}.rotation.users`} users={rotation.users} onSet={(users) => turn({ users })} />
      <HoursFields
        path={`${path}.hours`}
        label="Only in certain hours of the week"
        hours={layer.hours}
        onSet={(hours) => onSet({ ...layer, hours })}
      />
    </div>
  );
}

interface ParticipantsProps {
  readonly path: string;
  readonly users: readonly string[];
  readonly onSet: (users: readonly string[]) => void;
}

/** Who takes turns, in their order; somebody may have several. */
function Participants({ path, users, onSet }: ParticipantsProps) {
  const known = useEntries('users').items.map((user) => user.name);
  return (
    <div role="group" aria-label="Participants">
      <ItemList
        noun="participant"
        path={path}
        items={users}
        onSet={onSet}
        fresh={() => known.find((name) => !users.includes(name)) ?? known[0] ?? ''}
      >
        {(user, setUser, place) => (
          <ChoiceField
            path={`${path}.${place}`}
            label={`Turn ${place + 1}`}
            data={known}
            value={user || null}
            onSet={(name) => setUser(name ?? '')}
          />
        )}
      </ItemList>
    </div>
  );
}
