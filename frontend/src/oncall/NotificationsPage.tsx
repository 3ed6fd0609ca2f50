import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { listNotifications, STATES, type Attempt, type Notification, type NotificationState } from '../api/oncall';
import { Listed } from '../lists/Listed';
import { useFilter } from '../lists/useFilter';
import { useList } from '../lists/useList';
import type { Look } from '../state/language';
import { LedIcon } from '../state/Led';
import { Ago } from '../time/Ago';
import { duration } from '../time/format';
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

const KEYS = ['state'] as const;

/** `/oncall/notifications`: what people were told, with every attempt and its answer. */
export default function NotificationsPage() {
  const [filter, set] = useFilter(KEYS);
  const list = useList('notifications', filter, listNotifications);
  return (
    <Frame title="Notifications">
      <NativeSelect
        size="xs"
        label="State"
        w={180}
        value={filter.state?.[0] ?? ''}
        data={[{ value: '', label: 'any' }, ...STATES]}
        onChange={({ currentTarget: { value } }) => set('state', value === '' ? [] : [value])}
      />
      <AllowBrowser />
      <Listed
        {...list}
        count={list.items.length}
        nothing={
          <p className={classes.empty}>Nobody was told anything. Every page and message shows here with its answers.</p>
        }
      >
        <ul className={`${classes.panel} ${classes.list}`} aria-label="Notifications">
          {list.items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      </Listed>
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
