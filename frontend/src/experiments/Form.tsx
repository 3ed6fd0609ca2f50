import { Button, Checkbox, NumberInput, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { keepExperiment, type Experiment } from '../api/experiments';
import { listFaultKinds } from '../api/faults';
import { asStep, PROBE, ROLLBACK } from './drafts';
import { ProbeFields } from './ProbeFields';
import { Problems } from '../forms/Problems';
import { RollbackFields } from './RollbackFields';
import { Section } from './Section';
import { StepFields } from './StepFields';
import classes from './Experiments.module.css';

/** An experiment field by field. The backend says what is wrong, all of it at once. */
export function Form({ start, isNew }: { start: Experiment; isNew: boolean }) {
  const [draft, setDraft] = useState(start);
  const navigate = useNavigate();
  const kinds = useQuery({ queryKey: ['faults', 'kinds'], queryFn: ({ signal }) => listFaultKinds(signal) });
  const save = useMutation({
    mutationFn: () => keepExperiment(draft, isNew),
    onSuccess: () => void navigate(`/experiments/${draft.name}`),
  });
  const set = (change: Partial<Experiment>): void => setDraft((before) => ({ ...before, ...change }));
  const { hypothesis, method, rollbacks, blast_radius: radius } = draft;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className={classes.fields}>
        <TextInput
          size="xs"
          label="Name"
          description="lower case letters, digits, dashes"
          required
          disabled={!isNew}
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          label="Title"
          required
          value={draft.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
        />
        <Seconds label="Lease" value={draft.lease_seconds} onSet={(value) => set({ lease_seconds: value })} />
        <Seconds
          label="Recovery within"
          value={draft.recovery_seconds}
          onSet={(value) => set({ recovery_seconds: value })}
        />
        <NumberInput
          size="xs"
          label="At most services"
          min={1}
          value={radius.max_services}
          onChange={(value) => set({ blast_radius: { ...radius, max_services: Number(value) } })}
        />
        <NumberInput
          size="xs"
          label="At most of a group, %"
          min={1}
          max={100}
          value={Math.round(radius.max_share_of_group * 100)}
          onChange={(value) => set({ blast_radius: { ...radius, max_share_of_group: Number(value) / 100 } })}
        />
      </div>
      <Checkbox
        size="xs"
        label="May touch services that are in an incident"
        checked={radius.touch_incidents}
        onChange={(event) => set({ blast_radius: { ...radius, touch_incidents: event.currentTarget.checked } })}
      />
      <Textarea
        size="xs"
        label="Description"
        autosize
        value={draft.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <Section
        id="probes"
        title="Hypothesis: what should hold before, during and after"
        adds={{ 'Add probe': () => PROBE }}
        noun="probe"
        items={hypothesis.probes}
        onSet={(probes) => set({ hypothesis: { ...hypothesis, probes } })}
      >
        {(probe, onSet) => <ProbeFields probe={probe} onSet={onSet} />}
      </Section>
      <Section
        id="steps"
        title="Method: what is broken, and for how long"
        adds={{
          'Add fault': () => asStep('fault'),
          'Add pause': () => asStep('pause'),
          'Add probe': () => asStep('probe'),
          'Add parallel faults': () => asStep('parallel'),
        }}
        noun="step"
        items={method}
        onSet={(changed) => set({ method: changed })}
      >
        {(step, onSet) => <StepFields step={step} kinds={kinds.data ?? []} onSet={onSet} />}
      </Section>
      <Section
        id="rollbacks"
        title="Rollbacks: what is done once the faults are undone, whatever happened"
        adds={{ 'Add rollback': () => ROLLBACK }}
        noun="rollback"
        items={rollbacks}
        onSet={(changed) => set({ rollbacks: changed })}
      >
        {(rollback, onSet) => <RollbackFields rollback={rollback} onSet={onSet} />}
      </Section>
      <Problems error={save.error} />
      <div className={classes.buttons}>
        <Button variant="filled" size="xs" type="submit" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

function Seconds({ label, value, onSet }: { label: string; value: number; onSet: (value: number) => void }) {
  return (
    <NumberInput size="xs" label={`${label}, s`} min={0} value={value} onChange={(changed) => onSet(Number(changed))} />
  );
}
