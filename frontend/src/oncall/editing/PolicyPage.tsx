import { Switch } from '@mantine/core';
import type { Draft, Step, Target } from '../../api/oncall';
import { DurationField } from '../../forms/DurationField';
import { ItemList } from '../../forms/ItemList';
import { ManyField, NumberField, TextField } from '../../forms/fields';
import { Panel } from '../../frame/Panel';
import { useEntries } from '../useEntries';
import { entryPage, type FieldsProps } from './entryPage';
import forms from '../../forms/Form.module.css';

const NEW_STEP: Step = { targets: [], wait_seconds: 300 };
const blank = (): Draft<'escalation-policies'> => ({
  name: '',
  description: '',
  repeat: 0,
  ack_timeout_seconds: null,
  steps: [NEW_STEP],
});
const HALF_AN_HOUR = 1_800;

/** `/oncall/policies/new` and `/oncall/policies/<name>`: who is paged after whom. */
export default entryPage({ path: 'escalation-policies', noun: 'policy', back: '/oncall/policies', blank, Fields });

function Fields({ draft, set }: FieldsProps<'escalation-policies'>) {
  return (
    <>
      <Panel title="Steps, one after the other until somebody acknowledges">
        <ItemList noun="step" path="steps" items={draft.steps} onSet={(steps) => set({ steps })} fresh={() => NEW_STEP}>
          {(step, setStep, place) => <StepFields step={step} place={place} onSet={setStep} />}
        </ItemList>
      </Panel>
      <Panel title="Afterwards">
        <div className={forms.fields}>
          <NumberField
            path="repeat"
            label="Times to go through the steps again"
            min={0}
            max={20}
            value={draft.repeat}
            onSet={(repeat) => set({ repeat })}
          />
          <TextField
            path="description"
            label="Description"
            value={draft.description}
            onSet={(description) => set({ description })}
          />
        </div>
        <Timeout seconds={draft.ack_timeout_seconds} onSet={(ack_timeout_seconds) => set({ ack_timeout_seconds })} />
      </Panel>
    </>
  );
}

function StepFields({ step, place, onSet }: { step: Step; place: number; onSet: (step: Step) => void }) {
  const schedules = useEntries('schedules').items;
  const users = useEntries('users').items;
  return (
    <div className={forms.fields}>
      <ManyField
        path={`steps.${place}.targets`}
        label="Page"
        placeholder="whoever a schedule has on call, or people"
        data={[
          { group: 'On call by schedule', items: schedules.map(({ name }) => option({ kind: 'schedule', name })) },
          { group: 'People', items: users.map(({ name }) => option({ kind: 'user', name })) },
        ]}
        value={step.targets.map((target) => option(target).value)}
        onSet={(values) => onSet({ ...step, targets: values.map(targetOf) })}
      />
      <DurationField
        path={`steps.${place}.wait_seconds`}
        label="Then wait"
        seconds={step.wait_seconds}
        onSet={(wait_seconds) => onSet({ ...step, wait_seconds })}
      />
    </div>
  );
}

function Timeout({ seconds, onSet }: { seconds: number | null; onSet: (seconds: number | null) => void }) {
  return (
    <>
      <Switch
        mt="sm"
        size="xs"
        label="An acknowledgement without further work ends, and paging goes on"
        checked={seconds !== null}
        onChange={({ currentTarget }) => onSet(currentTarget.checked ? HALF_AN_HOUR : null)}
      />
      {seconds !== null && <DurationField path="ack_timeout_seconds" label="After" seconds={seconds} onSet={onSet} />}
    </>
  );
}

const option = ({ kind, name }: Target) => ({
  value: `${kind}:${name}`,
  label: kind === 'schedule' ? `on call by ${name}` : name,
});

function targetOf(value: string): Target {
  const [kind, name = ''] = value.split(':');
  return { kind: kind === 'schedule' ? 'schedule' : 'user', name };
}
