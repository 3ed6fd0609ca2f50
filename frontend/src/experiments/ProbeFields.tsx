import { Button, Select, TextInput } from '@mantine/core';
import type { Probe } from '../api/experiments';
import { useServices } from '../live/hooks';
import { asProbe, parsedTolerance } from './drafts';
import classes from './Experiments.module.css';

const TYPES = ['service', 'http', 'promql', 'sql'] as const;

/** One probe; `onSet` gets null when it is taken away. */
export function ProbeFields({ probe, onSet }: { probe: Probe; onSet: (probe: Probe | null) => void }) {
  return (
    <div className={classes.fields}>
      <Select
        size="xs"
        label="Probe"
        allowDeselect={false}
        data={TYPES}
        value={probe.type}
        onChange={(type) => onSet(asProbe((type ?? 'service') as Probe['type'], probe))}
      />
      <TextInput
        size="xs"
        label="Name"
        value={probe.name}
        onChange={(event) => onSet({ ...probe, name: event.currentTarget.value })}
      />
      <Subject probe={probe} onSet={onSet} />
      <TextInput
        size="xs"
        label="Tolerated"
        description="JSON: a value, a list, a range, a regex"
        defaultValue={JSON.stringify(probe.tolerance)}
        key={probe.type}
        onBlur={(event) => onSet({ ...probe, tolerance: parsedTolerance(event.currentTarget.value) })}
      />
      <Button size="xs" variant="default" onClick={() => onSet(null)}>
        Remove
      </Button>
    </div>
  );
}

/** What is asked. */
function Subject({ probe, onSet }: { probe: Probe; onSet: (probe: Probe) => void }) {
  switch (probe.type) {
    case 'service':
      return <ServiceSelect value={probe.service} onSet={(service) => onSet({ ...probe, service })} />;
    case 'http':
      return (
        <TextInput
          size="xs"
          label="URL"
          value={probe.url}
          onChange={(event) => onSet({ ...probe, url: event.currentTarget.value })}
        />
      );
    case 'promql':
    case 'sql':
      return (
        <TextInput
          size="xs"
          label={probe.type === 'sql' ? 'SELECT' : 'PromQL'}
          value={probe.query}
          onChange={(event) => onSet({ ...probe, query: event.currentTarget.value })}
        />
      );
  }
}

/** A managed service; one that is gone stays chosen. */
export function ServiceSelect({
  value,
  label = 'Service',
  onSet,
}: {
  value: string;
  label?: string;
  onSet: (service: string) => void;
}) {
  const services = useServices();
  const names = [...new Set([...services.keys(), ...(value === '' ? [] : [value])])].sort();
  return (
    <Select
      size="xs"
      label={label}
      searchable
      allowDeselect={false}
      data={names}
      value={value}
      onChange={(service) => onSet(service ?? value)}
    />
  );
}
