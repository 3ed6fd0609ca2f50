import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { Rollback } from '../api/experiments';
import { ServiceSelect } from './ProbeFields';
import classes from './Experiments.module.css';

const VERBS: readonly Rollback['verb'][] = ['start', 'restart'];

/** One rollback; `onSet` gets null when it is taken away. */
export function RollbackFields({
  rollback,
  onSet,
}: {
  rollback: Rollback;
  onSet: (rollback: Rollback | null) => void;
}) {
  return (
    <div className={classes.fields}>
      <NativeSelect
        size="xs"
        label="Do"
        data={VERBS}
        value={rollback.verb}
        onChange={({ currentTarget: { value } }) =>
          onSet({ ...rollback, verb: VERBS.find((verb) => verb === value) ?? rollback.verb })
        }
      />
      <ServiceSelect value={rollback.service} onSet={(service) => onSet({ ...rollback, service })} />
      <TextInput
        size="xs"
        label="Name"
        value={rollback.name}
        onChange={(event) => onSet({ ...rollback, name: event.currentTarget.value })}
      />
      <Button size="xs" variant="default" onClick={() => onSet(null)}>
        Remove
      </Button>
    </div>
  );
}
