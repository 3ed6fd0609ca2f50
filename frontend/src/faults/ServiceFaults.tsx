import { Button, Group, NativeSelect, NumberInput, Select, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../api/client';
import {
  injectFault,
  listFaultKinds,
  previewFault,
  releaseChaos,
  type FaultKind,
  type FaultOrder,
  type Parameter,
} from '../api/faults';
import { useFaultsOn, useService, useServices } from '../live/hooks';
import { FaultList } from './FaultList';
import { defaultsOf, labelOf, parametersOf, type Values } from './order';

const CHAOS_STOPPED = 'urn:incidentops:problem:chaos-stopped';
const FIRST_LEASE_SECONDS = 30;

/** Choose a fault for one service, see what it would do, do it, and undo what is there. */
export default function ServiceFaults({ service }: { service: string }) {
  const faults = useFaultsOn(service);
  const kinds = useQuery({ queryKey: ['faults', 'kinds'], queryFn: ({ signal }) => listFaultKinds(signal) });
  return (
    <>
      {faults.length > 0 && <FaultList faults={faults} />}
      {kinds.isError && <Text role="alert">{kinds.error.message}</Text>}
      {kinds.data !== undefined && <FaultForm service={service} kinds={kinds.data} />}
    </>
  );
}

function FaultForm({ service, kinds }: { service: string; kinds: readonly FaultKind[] }) {
  const [kind, setKind] = useState(kinds.find(({ name }) => name === 'packet_loss') ?? kinds[0]);
  const [values, setValues] = useState<Values>(() => (kind === undefined ? {} : defaultsOf(kind)));
  const [lease, setLease] = useState<number | string>(FIRST_LEASE_SECONDS);
  const [container, setContainer] = useState<Pick<FaultOrder, 'container'>>({});
  if (kind === undefined) return null;
  const choose = (name: string) => {
    const chosen = kinds.find((item) => item.name === name) ?? kind;
    setKind(chosen);
    setValues(defaultsOf(chosen));
  };
  const order = { service, fault: kind.name, parameters: values, lease_seconds: Number(lease), ...container };
  return (
    <Group gap="sm" grow preventGrowOverflow={false} mt="sm">
      <NativeSelect
        w="100%"
        label="Fault"
        value={kind.name}
        data={kinds.map(({ name, title }) => ({ value: name, label: title }))}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {parametersOf(kind).map(([name, field]) => (
        <Field
          key={`${kind.name} ${name}`}
          field={field}
          name={name}
          service={service}
          value={values[name] ?? ''}
          onChange={(value) => setValues({ ...values, [name]: value })}
        />
      ))}
      <ContainerField service={service} value={container.container} onChange={setContainer} />
      <NumberInput label="Lease in seconds (1 to 3600)" value={lease} min={1} max={3600} onChange={setLease} />
      <Confirm order={order} />
    </Group>
  );
}

interface ContainerFieldProps {
  service: string;
  value: string | undefined;
  onChange: (choice: Pick<FaultOrder, 'container'>) => void;
}

/** Which of several containers; a service of one needs no choice. */
function ContainerField({ service, value, onChange }: ContainerFieldProps) {
  const containers = useService(service)?.containers ?? [];
  if (containers.length < 2) return null;
  return (
    <NativeSelect
      label="Container"
      value={value ?? ''}
      data={[{ value: '', label: 'The first that runs' }, ...containers]}
      onChange={({ currentTarget: { value: container } }) => onChange(container === '' ? {} : { container })}
    />
  );
}

interface FieldProps {
  field: Parameter;
  name: string;
  service: string;
  value: number | string;
  onChange: (value: number | string) => void;
}

function Field({ field, name, service, value, onChange }: FieldProps) {
  const others = [...useServices().keys()].filter((other) => other !== service);
  if (name === 'peer')
    return (
      <Select label="Peer" data={others} value={String(value)} onChange={(peer) => onChange(peer ?? '')} searchable />
    );
  return <NumberInput label={labelOf(field)} description={field.description} value={value} onChange={onChange} />;
}

/** What would happen, or why it would be refused; and the button that does it. */
function Confirm({ order }: { order: FaultOrder }) {
  const preview = useQuery({
    queryKey: ['faults', 'preview', order],
    queryFn: () => previewFault(order),
    placeholderData: keepPreviousData,
  });
  const inject = useMutation({ mutationFn: () => injectFault(order), onSettled: () => void preview.refetch() });
  const release = useMutation({ mutationFn: releaseChaos, onSettled: () => void preview.refetch() });
  const refusal = inject.error ?? preview.error;
  const stopped = refusal instanceof ApiError && refusal.problem.type === CHAOS_STOPPED;
  return (
    <div style={{ width: '100%' }}>
      <Text size="sm" mih={44} role={refusal === null ? 'status' : 'alert'} c={refusal === null ? 'inherit' : 'red'}>
        {refusal?.message ?? (preview.data && `${preview.data.preview} By ${preview.data.mechanism}.`) ?? ''}
      </Text>
      <Group justify="flex-end" gap="xs">
        {stopped && (
          <Button variant="default" loading={release.isPending} onClick={() => release.mutate()}>
            Release the emergency stop
          </Button>
        )}
        <Button color="red" disabled={preview.isError} loading={inject.isPending} onClick={() => inject.mutate()}>
          Inject
        </Button>
      </Group>
    </div>
  );
}
