import { Button, NativeSelect, NumberInput, Select, TextInput } from '@mantine/core';
import type { FaultStep, Step } from '../api/experiments';
import type { FaultKind } from '../api/faults';
import { useService } from '../live/hooks';
import { asStep, parametersOf, parsedParameter } from './drafts';
import { Items } from './Items';
import { ProbeFields, ServiceSelect } from './ProbeFields';
import classes from './Experiments.module.css';

interface StepFieldsProps {
  step: Step;
  kinds: readonly FaultKind[];
  /** Gets null when the step is taken away. */
  onSet: (step: Step | null) => void;
}

/** One step of the method. */
export function StepFields({ step, kinds, onSet }: StepFieldsProps) {
  switch (step.type) {
    case 'fault':
      return <FaultFields step={step} kinds={kinds} onSet={onSet} />;
    case 'pause':
      return (
        <div className={classes.fields}>
          <NumberInput
            size="xs"
            label="Wait, s"
            min={0.1}
            value={step.seconds}
            onChange={(value) => onSet({ ...step, seconds: Number(value) })}
          />
          <Remove onSet={onSet} />
        </div>
      );
    case 'probe':
      return <ProbeFields probe={step.probe} onSet={(probe) => onSet(probe === null ? null : { ...step, probe })} />;
    case 'parallel':
      return (
        <>
          <Items noun="fault" items={step.steps} onSet={(steps) => onSet({ ...step, steps })}>
            {(fault, set) => <FaultFields step={fault} kinds={kinds} onSet={set} />}
          </Items>
          <div className={classes.buttons}>
            <Button
              size="xs"
              variant="default"
              onClick={() => onSet({ ...step, steps: [...step.steps, asStep('fault') as FaultStep] })}
            >
              Add fault at the same time
            </Button>
            <Remove onSet={onSet} />
          </div>
        </>
      );
  }
}

interface FaultFieldsProps {
  step: FaultStep;
  kinds: readonly FaultKind[];
  onSet: (step: FaultStep | null) => void;
}

function FaultFields({ step, kinds, onSet }: FaultFieldsProps) {
  return (
    <div className={classes.fields}>
      <Select
        size="xs"
        label="Fault"
        allowDeselect={false}
        data={kinds.length === 0 ? [step.fault] : kinds.map(({ name, title }) => ({ value: name, label: title }))}
        value={step.fault}
        onChange={(fault) => onSet({ ...step, fault: fault ?? step.fault, parameters: {} })}
      />
      <ServiceSelect
        value={step.service}
        label="On"
        onSet={(service) => onSet({ ...step, service, container: null })}
      />
      <ContainerSelect step={step} onSet={(container) => onSet({ ...step, container })} />
      <TextInput
        size="xs"
        label="Name"
        value={step.name}
        onChange={(event) => onSet({ ...step, name: event.currentTarget.value })}
      />
      {parametersOf(kinds, step.fault).map(([name, schema]) => (
        <TextInput
          key={`${step.fault} ${name}`}
          size="xs"
          label={name.replaceAll('_', ' ')}
          placeholder={String(schema.default ?? '')}
          defaultValue={String(step.parameters[name] ?? '')}
          onBlur={(event) => {
            const others = Object.entries(step.parameters).filter(([key]) => key !== name);
            const text = event.currentTarget.value;
            const given = text === '' ? [] : [[name, parsedParameter(text, schema.type)] as const];
            onSet({ ...step, parameters: Object.fromEntries([...others, ...given]) });
          }}
        />
      ))}
      <NumberInput
        size="xs"
        label="Lease, s"
        placeholder="of the experiment"
        min={1}
        value={step.lease_seconds ?? ''}
        onChange={(value) => onSet({ ...step, lease_seconds: value === '' ? null : Number(value) })}
      />
      <Remove onSet={onSet} />
    </div>
  );
}

/** Which container of the service; one of a single container needs no choice. One that is gone stays chosen. */
function ContainerSelect({ step, onSet }: { step: FaultStep; onSet: (container: string | null) => void }) {
  const containers = useService(step.service)?.containers ?? [];
  const chosen = step.container ?? '';
  if (containers.length < 2 && chosen === '') return null;
  const gone = ['', 'all', ...containers].includes(chosen) ? [] : [chosen];
  return (
    <NativeSelect
      size="xs"
      label="Container"
      value={chosen}
      data={[
        { value: '', label: 'The first that runs' },
        { value: 'all', label: 'All of them' },
        ...containers,
        ...gone,
      ]}
      onChange={({ currentTarget: { value } }) => onSet(value === '' ? null : value)}
    />
  );
}

function Remove({ onSet }: { onSet: (step: null) => void }) {
  return (
    <Button size="xs" variant="default" onClick={() => onSet(null)}>
      Remove
    </Button>
  );
}
