import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { undoFault, type Fault } from '../api/faults';
import { useTicking } from '../time/clock';
import { countdown, details, faultName } from './words';
import classes from './FaultList.module.css';

/** Faults that have not ended, each with its countdown and its undo. `named`: with the service. */
export function FaultList({ faults, named = false }: { faults: readonly Fault[]; named?: boolean }) {
  return (
    <ul className={classes.list} aria-label="Active faults">
      {faults.map((fault) => (
        <Entry key={fault.id} fault={fault} named={named} />
      ))}
    </ul>
  );
}

function Entry({ fault, named }: { fault: Fault; named: boolean }) {
  const left = useTicking((now) => countdown(fault, now));
  const undo = useMutation({ mutationFn: () => undoFault(fault.id) });
  const title = named ? `${faultName(fault.kind)} on ${fault.service}` : faultName(fault.kind);
  return (
    <li className={classes.entry}>
      <div className={classes.words}>
        <span className={classes.title}>{title}</span>
        <Text size="xs" c="dimmed">
          {details(fault)}
        </Text>
        {undo.isError && (
          <Text size="xs" c="red" role="alert">
            {undo.error.message}
          </Text>
        )}
      </div>
      <span className={classes.left}>{left}</span>
      <Button
        size="compact-xs"
        variant="default"
        loading={undo.isPending || fault.state === 'undoing'}
        aria-label={`Undo ${title}`}
        onClick={() => undo.mutate()}
      >
        Undo
      </Button>
    </li>
  );
}
