import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useLive, useServices } from '../live/hooks';
import { read } from '../state/language';
import { LedIcon } from '../state/Led';
import { useRemediation, useRemediationDesk, type Phase } from './desk';
import type { Plan, Skip } from './plan';
import { runProgress } from './progress';
import { skipsOf } from './skips';
import classes from './RemediationModal.module.css';

const TITLES: Record<Exclude<Phase['kind'], 'idle'>, string> = {
  asked: 'Auto-remediation',
  running: 'Auto-remediation is running',
  ended: 'Auto-remediation is done',
  failed: 'Auto-remediation failed',
};

/** The question, the progress and the answer of a run, one after the other in the same place. */
export function RemediationModal() {
  const desk = useRemediationDesk();
  const { phase, left } = useRemediation();
  return (
    <Modal
      opened={phase.kind !== 'idle' && !left}
      onClose={() => desk.close()}
      title={phase.kind === 'idle' ? '' : TITLES[phase.kind]}
      centered
    >
      <Content key={phase.kind} phase={phase} />
    </Modal>
  );
}

function Content({ phase }: { phase: Phase }) {
  switch (phase.kind) {
    case 'idle':
      return null;
    case 'asked':
      return <Question plan={phase.plan} />;
    case 'running':
      return <Progress plan={phase.plan} />;
    case 'ended':
      return <Answer phase={phase} />;
    case 'failed':
      return (
        <div role="alert">
          <Text fw={600}>{phase.failure.title}</Text>
          <Text c="dimmed">{phase.failure.detail}</Text>
          <Close />
        </div>
      );
  }
}

function Question({ plan }: { plan: Plan }) {
  const desk = useRemediationDesk();
  const total = useServices().size;
  const { restarts, skips } = plan;
  if (restarts.length === 0) {
    return (
      <>
        <Text>
          {skips.length === 0 ? `Nothing is down: all ${total} services are up.` : 'Nothing can be restarted.'}
        </Text>
        <Skipped skips={skips} />
        <Close />
      </>
    );
  }
  return (
    <>
      <Text>
        {restarts.length === 1
          ? 'One service is down. It would be restarted:'
          : 'These would be restarted, in this order:'}
      </Text>
      <Planned names={restarts} label="Would be restarted" />
      <Skipped skips={skips} />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={() => desk.close()}>
          Cancel
        </Button>
        <Button data-autofocus onClick={() => void desk.run(plan)}>
          Restart {restarts.length === 1 ? restarts[0] : `${restarts.length} services`}
        </Button>
      </Group>
    </>
  );
}

function Progress({ plan }: { plan: Plan }) {
  const { answering, total } = runProgress(plan, useServices());
  return (
    <>
      <Text role="status">
        {answering} of {total} answer again. Each is verified by its probe before the run ends.
      </Text>
      <Planned names={plan.restarts} label="Being restarted" />
      <Skipped skips={plan.skips} />
      <Close label="Leave it running" />
    </>
  );
}

function Answer({ phase }: { phase: Extract<Phase, { kind: 'ended' }> }) {
  const actions = useLive((state) => state.view.actions);
  const { services_remediated: restarted, services_failed: failed = [] } = phase.answer;
  return (
    <div data-testid="remediation-answer">
      {restarted.length > 0 ? (
        <>
          <Text>The following services were restarted successfully:</Text>
          <ul className={classes.bullets} aria-label="Restarted">
            {restarted.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </>
      ) : (
        <Text>No service was restarted.</Text>
      )}
      {failed.length > 0 && (
        <>
          <Text mt="sm">These could not be healed:</Text>
          <ul className={classes.reasons} aria-label="Failed">
            {failed.map(({ service, reason }) => (
              <Reason key={service} look="down" service={service} reason={reason} />
            ))}
          </ul>
        </>
      )}
      <Skipped skips={skipsOf(phase.answer, phase.plan, actions)} />
      <Close />
    </div>
  );
}

function Planned({ names, label }: { names: readonly string[]; label: string }) {
  const services = useServices();
  return (
    <ol className={classes.planned} aria-label={label}>
      {names.map((name) => {
        const service = services.get(name);
        const { look, word, detail } = service === undefined ? UNKNOWN : read(service);
        return (
          <li key={name} data-look={look}>
            <LedIcon look={look} size={13} />
            <span className={classes.name}>{name}</span>
            <span className={classes.detail}>{detail}</span>
            <span className={classes.word}>{word}</span>
          </li>
        );
      })}
    </ol>
  );
}

const UNKNOWN = { look: 'unknown', word: 'GONE', detail: null } as const;

function Skipped({ skips }: { skips: readonly Skip[] }) {
  if (skips.length === 0) return null;
  return (
    <>
      <Text mt="sm">Down, and left alone:</Text>
      <ul className={classes.reasons} aria-label="Skipped">
        {skips.map(({ service, reason }) => (
          <Reason key={service} look="paused" service={service} reason={reason} />
        ))}
      </ul>
    </>
  );
}

function Reason({ look, service, reason }: { look: 'down' | 'paused'; service: string; reason: string }) {
  return (
    <li data-look={look}>
      <LedIcon look={look} size={13} />
      <span className={classes.name}>{service}</span>
      <span className={classes.reason}>{reason}</span>
    </li>
  );
}

function Close({ label = 'OK' }: { label?: string }) {
  const desk = useRemediationDesk();
  const button = useRef<HTMLButtonElement>(null);
  // What had the focus is gone with the step before; the next key is for this button.
  useEffect(() => button.current?.focus(), []);
  return (
    <Group justify="flex-end" mt="md">
      <Button ref={button} variant={label === 'OK' ? 'filled' : 'default'} data-autofocus onClick={() => desk.close()}>
        {label}
      </Button>
    </Group>
  );
}
