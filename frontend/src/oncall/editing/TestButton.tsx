import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { notify, readNotification, type ContactMethod, type Notification, type User } from '../../api/oncall';
import { useTopic } from '../../live/useTopic';
import type { Look } from '../../state/language';
import { LedIcon } from '../../state/Led';
import classes from './Editing.module.css';

interface TestButtonProps {
  readonly method: ContactMethod;
  /** As it is kept; undefined of a new one. */
  readonly user: User | undefined;
  readonly place: number;
}

/** Sends a real message by one contact method, saved or not, and shows what became of it. */
export function TestButton({ method, user, place }: TestButtonProps) {
  const known = user?.methods.some(({ channel, target }) => channel === method.channel && target === method.target);
  const send = useMutation({
    mutationFn: () =>
      notify({
        ...(known === true && user !== undefined && { recipient: user.name }),
        channel: method.channel,
        target: method.target,
        subject: 'Test from IncidentOps',
        message: 'This is how a page will reach you.',
      }),
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={send.isPending}
        aria-label={`Send a test by contact method ${place + 1}`}
        onClick={() => send.mutate()}
      >
        Send a test
      </Button>
      {send.error !== null && (
        <span className={classes.result} role="status" data-look="down">
          {send.error.message}
        </span>
      )}
      {send.data !== undefined && <Result sent={send.data} />}
    </>
  );
}

function Result({ sent }: { sent: Notification }) {
  useTopic('notifications');
  const { data } = useQuery({
    queryKey: ['notifications', 'one', sent.id],
    queryFn: ({ signal }) => readNotification(sent.id, signal),
    initialData: sent,
  });
  const { look, words } = read(data);
  return (
    <span className={classes.result} role="status" data-look={look}>
      <LedIcon look={look} />
      {words}
    </span>
  );
}

function read({ state, attempts }: Notification): { look: Look; words: string } {
  const last = attempts.at(-1);
  if (state === 'delivered') return { look: 'up', words: `delivered: ${last?.answer ?? ''}` };
  if (last?.outcome === 'failed') return { look: 'down', words: `failed: ${last.answer}` };
  return { look: 'busy', words: 'on its way' };
}
