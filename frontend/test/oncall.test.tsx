import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const KEPT = { revision: 1, changed_by: 'alice', changed_at: '2026-01-05T09:00:00Z' };
const SHIFTS = [
  { start: '2026-01-05T09:00:00Z', end: '2026-01-12T09:00:00Z', user: 'alice', layer: 'week' },
  { start: '2026-01-12T09:00:00Z', end: '2026-01-13T09:00:00Z', user: null, layer: null },
  { start: '2026-01-13T09:00:00Z', end: '2026-01-19T09:00:00Z', user: 'bob', layer: 'override' },
];
const ON_CALL = {
  schedule: 'primary',
  team: 'operations',
  user: 'alice',
  full_name: 'Alice',
  role: 'engineer',
  layer: 'week',
  until: '2026-01-12T09:00:00Z',
};
const OVERRIDE = { user: 'bob', start: '2026-01-13T09:00:00Z', end: '2026-01-19T09:00:00Z', reason: 'holiday' };
const METHOD = { channel: 'webhook', target: 'http://catcher:8025/…', urgencies: ['high'] };
const ANSWERS: Record<string, unknown> = {
  '/api/v1/oncall/current': { primary: 'alice', on_call: [ON_CALL] },
  '/api/v1/schedules': {
    items: [
      { ...KEPT, name: 'primary', team: 'operations', zone: 'UTC', description: '', layers: [], overrides: [OVERRIDE] },
    ],
  },
  '/api/v1/schedules/primary/timeline?days=14': { shifts: SHIFTS, gaps: [SHIFTS[1]] },
  '/api/v1/users': {
    items: [{ ...KEPT, name: 'alice', full_name: 'Alice', role: '', zone: 'UTC', methods: [METHOD] }],
  },
  '/api/v1/escalation-policies': {
    items: [
      {
        ...KEPT,
        name: 'sev-1',
        description: 'Complete outage',
        repeat: 2,
        ack_timeout_seconds: 1800,
        steps: [{ targets: [{ kind: 'schedule', name: 'primary' }], wait_seconds: 300 }],
      },
    ],
  },
  '/api/v1/teams': {
    items: [
      { ...KEPT, name: 'operations', description: '', members: [], services: [], policies: { critical: 'sev-1' } },
    ],
  },
  '/api/v1/maintenance-windows': {
    items: [
      {
        ...KEPT,
        name: 'db-upgrade',
        start: '2026-01-11T02:00:00',
        end: '2026-01-11T04:00:00',
        zone: 'UTC',
        repeat: 'monthly',
        services: ['postgres'],
        groups: [],
        reason: '',
        open_until: '2026-01-11T04:00:00Z',
      },
    ],
  },
  '/api/v1/notifications?limit=50': {
    next_cursor: null,
    items: [
      {
        id: '1',
        kind: 'page',
        recipient: 'alice',
        urgency: 'high',
        subject: '[SEV-2] redis: does not answer (incident 1)',
        incident_id: null,
        state: 'delivered',
        created_at: '2026-01-05T09:00:00Z',
        attempts: [
          attempt(1, 'webhook', 'failed', '503 Service Unavailable'),
          attempt(2, 'email', 'delivered', 'accepted by catcher'),
        ],
      },
    ],
  },
};

function attempt(number: number, channel: string, outcome: string, answer: string) {
  const times = { started_at: '2026-01-05T09:00:00Z', ended_at: '2026-01-05T09:00:01Z' };
  return { number, channel, target: '', outcome, answer, ...times };
}

const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  vi.spyOn(globalThis, 'fetch').mockImplementation((address, init) => {
    const path = address as string;
    if (init?.method !== undefined) written.push(`${init.method} ${path} ${init.body as string}`);
    return Promise.resolve(Response.json(ANSWERS[path] ?? { items: [], next_cursor: null }));
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const open = (address: string) => renderPanel(<App />, { store: liveStore(snapshot(1, [])), address });

it('says in the top bar who is on call now', async () => {
  open('/');
  expect(await within(screen.getByRole('banner')).findByRole('link', { name: 'alice' })).toHaveAttribute(
    'href',
    '/oncall',
  );
});

it('shows shifts, overrides and gaps of a schedule', async () => {
  open('/oncall');
  const card = await screen.findByRole('region', { name: 'Schedule primary' });
  expect(await within(card).findByText('Nobody')).toBeInTheDocument();
  expect(within(card).getByRole('status')).toHaveTextContent('nobody in a gap');
  expect(within(card).getByRole('link', { name: 'Calendar' })).toHaveAttribute(
    'href',
    '/api/v1/schedules/primary/calendar.ics',
  );
});

it('takes an override back', async () => {
  open('/oncall');
  await userEvent.click(await screen.findByRole('button', { name: 'Take back' }));
  expect(written).toEqual(['DELETE /api/v1/schedules/primary/overrides?user=bob&start=2026-01-13T09%3A00%3A00Z {}']);
});

it('overrides a schedule by form', async () => {
  open('/oncall');
  const form = within(await screen.findByRole('form', { name: 'Override primary' }));
  await form.findByRole('option', { name: 'alice' });
  await userEvent.type(form.getByLabelText(/From/), '2026-01-06T09:00');
  await userEvent.type(form.getByLabelText(/Until/), '2026-01-07T09:00');
  await userEvent.click(form.getByRole('button', { name: 'Override' }));
  expect(written[0]).toMatch(/^POST \/api\/v1\/schedules\/primary\/overrides .*"user":"alice"/);
});

it('reads a policy as sentences, and contacts without secrets', async () => {
  open('/oncall/policies');
  expect(await screen.findByText('Page schedule primary, wait 5 min')).toBeInTheDocument();
  expect(screen.getByText(/critical: sev-1 · high: nobody is paged/)).toBeInTheDocument();
  expect(screen.getByText(/webhook http:\/\/catcher:8025\/…/)).toBeInTheDocument();
});

it('lists every attempt of a notification with its answer', async () => {
  open('/oncall/notifications');
  const attempts = within(await screen.findByRole('list', { name: 'Attempts' })).getAllByRole('listitem');
  expect(attempts.map((line) => line.textContent)).toEqual([
    '1. webhook  failed 503 Service Unavailable 1.0 s',
    '2. email  delivered accepted by catcher 1.0 s',
  ]);
});

it('shows which window holds now and removes it', async () => {
  open('/oncall/maintenance');
  expect(await screen.findByText('HOLDS NOW')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
  expect(written).toEqual(['DELETE /api/v1/maintenance-windows/db-upgrade {}']);
});
