import { Button, Group, Text } from '@mantine/core';
import type { Service, Verb } from '../api/types';
import { read } from '../state/language';
import { LedIcon } from '../state/Led';
import { VERB_LABELS } from './policy';
import classes from './Effect.module.css';

const CONSEQUENCES: Partial<Record<Verb, string>> = {
  stop: 'It will be shut down and stays down until it is started.',
  kill: 'Its processes end at once, without a chance to finish their work.',
  pause: 'Its processes are frozen and answer nothing until it is unpaused.',
};

interface EffectProps {
  service: Service;
  verb: Verb;
  dependents: readonly Service[];
  onCancel: () => void;
  onConfirm: () => void;
}

/** What a destructive verb would do, before it is done. */
export function Effect({ service, verb, dependents, onCancel, onConfirm }: EffectProps) {
  const { running, total } = service.replicas;
  return (
    <div className={classes.effect}>
      <Text fw={600}>
        {VERB_LABELS[verb]} {service.name}?
      </Text>
      <Text size="sm" c="dimmed">
        {CONSEQUENCES[verb]} {total > 1 ? `${running} of ${total} replicas run.` : null}
      </Text>
      {dependents.length > 0 && <Dependents dependents={dependents} />}
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button variant="default" size="xs" onClick={onCancel} data-autofocus>
          Cancel
        </Button>
        <Button color="var(--down-solid)" data-danger size="xs" onClick={onConfirm}>
          {VERB_LABELS[verb]} {service.name}
        </Button>
      </Group>
    </div>
  );
}

function Dependents({ dependents }: { dependents: readonly Service[] }) {
  return (
    <>
      <Text size="sm" mt={6}>
        {dependents.length === 1 ? 'One service depends on it:' : `${dependents.length} services depend on it:`}
      </Text>
      <ul className={classes.dependents} aria-label="Depends on it">
        {dependents.map((each) => {
          const { look, word } = read(each);
          return (
            <li key={each.name} data-look={look}>
              <LedIcon look={look} size={13} />
              <span className={classes.name}>{each.name}</span>
              <span className={classes.word}>{word}</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
