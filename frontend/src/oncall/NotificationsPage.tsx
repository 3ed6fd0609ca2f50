import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { listNotifications, STATES, type Attempt, type Notification, type NotificationState } from '../api/oncall';
import { useTopic } from '../live/useTopic';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { Ago } from '../time/Ago';
import { duration } from '../time/format';
import { Problem } from '../frame/Problem';
import { Frame } from './Frame';
import classes from './OnCall.module.css';

const LOOKS: Record<NotificationState | Attempt['outcome'], Look> = {
  pending: 'busy',
  sending: 'busy',
  running: 'busy',
  delivered: 'up',
  failed: 'down',
  cancelled: 'paused',
  interrupted: 'unhealthy',
};

const stateOf = (text: string | null): NotificationState | null => STATES.find((state) => state === text) ?? null;

/** `/oncall/notifications`: what people were told, with every attempt and its answer. */
export default function NotificationsPage() {
  const [params, setParams] = useSearchParams();
  const state = stateOf(params.get('state'));
  useTopic('notifications');
  const query = useInfiniteQuery({
    queryKey: ['notifications', state],
    queryFn: ({ pageParam, signal }) => listNotifications(state, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Frame title="Notifications">
      <NativeSelect
        size="xs"
        label="State"
        w={180}
        value={state ?? ''}
        data={[{ value: '', label: 'any' }, ...STATES]}
        onChange={({ currentTarget }) => setParams(currentTarget.value === '' ? {} : { state: currentTarget.value })}
      />
      <AllowBrowser />
      <Problem text={query.error?.message ?? null} />
      {query.isPending && <Skeleton height={220} radius={6} />}
      {items.length > 0 && (
        <ul className={`${classes.panel} ${classes.list}`} aria-label="Notifications">
          {items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      )}
      {query.isSuccess && items.length === 0 && (
        <p className={classes.empty}>Nobody was told anything. Every page and message shows here with its answers.</p>
      )}
      {query.hasNextPage && (
        <Button variant="default" size="xs" w="fit-content" onClick={() => void query.fetchNextPage()}>
          Show older
        </Button>
      )}
    </Frame>
  );
}

/** Asks for the permission that the channel `browser` needs; gone once it was decided. */
function AllowBrowser() {
  const [asked, setAsked] = useState(!('Notification' in window) || Notification.permission !== 'default');
  if (asked) return null;
  const ask = () => void Notification.requestPermission().finally(() => setAsked(true));
  return (
    <Button variant="default" size="xs" w="fit-content" onClick={ask}>
      Allow pages in this browser
    </Button>
  );
}

function Row({ item }: { item: Notification }) {
  return (
    <li className={classes.row} data-look={LOOKS[item.state]}>
      <span className={classes.word}>
        <LedIcon look={LOOKS[item.state]} />
        {item.state.toUpperCase()}
      </span>
      <span className={classes.name}>{item.recipient}</span>
      <span className={classes.detail}>
        {item.subject} · {item.kind} · <Ago at={item.created_at} />
        <ul className={classes.list} aria-label="Attempts">
          {item.attempts.map((attempt) => (
            <AttemptLine key={attempt.number} attempt={attempt} />
          ))}
        </ul>
      </span>
    </li>
  );
}

function AttemptLine({ attempt }: { attempt: Attempt }) {
  const took = attempt.ended_at === null ? '' : duration(Date.parse(attempt.ended_at) - Date.parse(attempt.started_at));
  return (
    <li data-look={LOOKS[attempt.outcome]}>
      {attempt.number}. {attempt.channel} {attempt.target} <strong>{attempt.outcome}</strong> {attempt.answer} {took}
    </li>
  );
}
