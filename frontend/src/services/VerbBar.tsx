import { Modal, Popover, Skeleton } from '@mantine/core';
import {
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconPlayerTrackNextFilled,
  IconWaveSine,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { Service, Verb } from '../api/types';
import { useDesk, usePending } from '../actions/desk';
import { Effect } from '../actions/Effect';
import { dependentsOf, needsConfirmation, objection, VERB_LABELS } from '../actions/policy';
import { lazyPart } from '../frame/lazyPart';
import { useLink, useLiveStore } from '../live/hooks';
import { needsAttention, read } from '../state/language';
import { MoreVerbs } from './MoreVerbs';
import { VerbButton } from './VerbButton';
import classes from './VerbBar.module.css';

const ServiceFaults = lazyPart('ServiceFaults', () => import('../faults/ServiceFaults'), <Skeleton height={260} />);

interface Confirmation {
  verb: Verb;
  dependents: readonly Service[];
}

/** Ping, Start and Stop at hand, the rarer verbs in a menu; asks first where others would suffer. */
export function VerbBar({ service }: { service: Service }) {
  const desk = useDesk();
  const link = useLink();
  const store = useLiveStore();
  const pending = usePending(service.name);
  const [faultsShown, setFaultsShown] = useState(false);
  const [confirmation, setConfirmation] = useState<Confirmation | null>(null);

  const press = (verb: Verb): void => {
    const dependents = dependentsOf(service.name, store.get().view.services.values());
    if (needsConfirmation(verb, dependents)) setConfirmation({ verb, dependents });
    else void desk.run(service.name, verb);
  };
  const confirm = (verb: Verb): void => {
    setConfirmation(null);
    void desk.run(service.name, verb);
  };
  const button = (verb: Verb) => ({
    name: `${VERB_LABELS[verb]} ${service.name}`,
    label: VERB_LABELS[verb],
    blocked: objection(verb, service, link),
    busy: pending === verb || service.busy === verb,
    onPress: () => press(verb),
  });
  // The slot that brings a service up says what that takes: a paused one is unpaused.
  const up: Verb = service.state === 'paused' ? 'unpause' : 'start';
  return (
    <div className={classes.bar} role="group" aria-label={`Verbs of ${service.name}`}>
      <VerbButton {...button('ping')} icon={IconWaveSine} />
      <VerbButton
        {...button(up)}
        icon={up === 'start' ? IconPlayerPlayFilled : IconPlayerTrackNextFilled}
        primary={needsAttention(read(service).look)}
      />
      <Popover
        opened={confirmation !== null}
        onChange={(opened) => !opened && setConfirmation(null)}
        position="top-end"
        withArrow
        trapFocus
        returnFocus
        shadow="md"
      >
        <Popover.Target>
          <VerbButton {...button('stop')} icon={IconPlayerStopFilled} />
        </Popover.Target>
        <Popover.Dropdown aria-label={`Confirm for ${service.name}`}>
          {confirmation !== null && (
            <Effect
              service={service}
              {...confirmation}
              onCancel={() => setConfirmation(null)}
              onConfirm={() => confirm(confirmation.verb)}
            />
          )}
        </Popover.Dropdown>
      </Popover>
      <MoreVerbs service={service} onPress={press} onFaults={() => setFaultsShown(true)} />
      <Modal opened={faultsShown} onClose={() => setFaultsShown(false)} title={`Faults of ${service.name}`} centered>
        <ServiceFaults service={service.name} />
      </Modal>
    </div>
  );
}
