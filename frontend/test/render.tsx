import { QueryClient } from '@tanstack/react-query';
import { render, type RenderResult } from '@testing-library/react';
import type { ReactNode } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { ActionDesk } from '../src/actions/desk';
import type { RecoveryMode, Remediation, VerbAnswer, Verb } from '../src/api/types';
import type { LogSource } from '../src/live/connection';
import { LiveStore } from '../src/live/store';
import type { TopicSource } from '../src/live/topics';
import { Watchlist } from '../src/live/watchlist';
import { RemediationDesk } from '../src/remediation/desk';
import { Root } from '../src/Root';

interface Panel extends RenderResult {
  store: LiveStore;
  /** Verbs that were sent, as "stop redis". */
  sent: string[];
}

interface Setting {
  store?: LiveStore;
  address?: string;
  /** What the backend does with a verb. */
  answer?: (service: string, verb: Verb) => Promise<VerbAnswer>;
  recover?: (service: string, mode: RecoveryMode) => Promise<unknown>;
  logs?: LogSource;
  topics?: TopicSource;
  remediate?: () => Promise<Remediation>;
}

const accept = (service: string, verb: Verb): Promise<VerbAnswer> =>
  Promise.resolve({ service, status: 'UP', message: `${verb} ${service} done`, action_id: '1' });

const NOTHING_DONE: Remediation = { status: 'completed', services_remediated: [], services_skipped: [] };

/** Renders a part of the panel on a live store, with a backend that notes what is sent to it. */
export function renderPanel(
  part: ReactNode,
  {
    store = new LiveStore(),
    address = '/',
    answer = accept,
    recover = () => Promise.resolve(),
    logs = { followLogs: () => () => undefined },
    topics = { joinTopic: () => () => undefined },
    remediate = () => Promise.resolve(NOTHING_DONE),
  }: Setting = {},
): Panel {
  const sent: string[] = [];
  const desk = new ActionDesk(
    (service, verb) => {
      sent.push(`${verb} ${service}`);
      return answer(service, verb);
    },
    (service, mode) => {
      sent.push(`recovery ${mode} ${service}`);
      return recover(service, mode);
    },
  );
  const remediation = new RemediationDesk(() => {
    sent.push('remediate');
    return remediate();
  });
  const live = { store, logs, topics, watchlist: new Watchlist(() => undefined) };
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = createMemoryRouter([{ path: '*', element: part }], { initialEntries: [address] });
  const result = render(
    <Root live={live} desk={desk} remediation={remediation} queries={queries} env="test">
      <RouterProvider router={router} />
    </Root>,
  );
  return { ...result, store, sent };
}

/** A store that has seen one picture and is live. */
export function liveStore(...snapshots: Parameters<LiveStore['snapshot']>): LiveStore {
  const store = new LiveStore();
  store.snapshot(...snapshots);
  return store;
}
