import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Approval, Decision, Policies, Policy } from '../src/api/remediation';
import { App } from '../src/App';
import { limitsOf, whenOf } from '../src/policies/PolicyTable';
import { service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const POLICY: Policy = {
  name: 'with care',
  states: ['down', 'crash_loop'],
  services: ['redis'],
  groups: ['data'],
  actions: ['restart', 'escalate'],
  attempts: 5,
  window_seconds: 600,
  breaker_failures: 3,
  breaker_rest_seconds: 90,
  backoff_first_seconds: 0.1,
  backoff_factor: 2,
  backoff_longest_seconds: 60,
  stable_after_seconds: 10,
  start_period_seconds: 30,
  probes: 2,
  approval: true,
  during_faults: 'score',
};
const POLICIES: Policies = {
  policies: [POLICY],
  problems: [{ file: '10-data.yml', line: 7, expected: 'expected a list', in_force: 'its last valid version' }],
  breakers: [
    {
      service: 'redis',
      state: 'open',
      rest_until: '2026-02-03T12:30:00Z',
      reason: '3 attempts in a row failed',
      attempts: 3,
      attempts_in_a_row: 3,
      failures_in_a_row: 3,
      last_attempt_at: '2026-02-03T12:00:00Z',
      escalated: true,
    },
  ],
};
const DECISION: Decision = {
  id: '1',
  at: '2026-02-03T12:00:00Z',
  service: 'redis',
  kind: 'left',
  reason: 'its recovery mode is manual',
  by: 'backend',
  policy: 'default',
  remedy: null,
  run_id: null,
};
const APPROVAL: Approval = {
  id: 'a1',
  service: 'redis',
  policy: 'with care',
  remedy: 'recreate',
  reason: 'it is down',
  asked_at: '2026-02-03T12:00:00Z',
  expires_at: '2026-02-03T13:00:00Z',
  answer: null,
  answered_by: null,
};

let asked: string[] = [];
let waiting: Approval[] = [];
let refusal: Response | null = null;

function answer(address: string, init?: RequestInit): Response {
  if (init?.method === 'POST') {
    asked.push(`${address} ${init.body as string}`);
    if (refusal !== null) return refusal;
    waiting = [];
    return Response.json(APPROVAL);
  }
  asked.push(address);
  if (address === '/api/v1/policies') return Response.json(POLICIES);
  if (address === '/api/v1/approvals') return Response.json({ items: waiting });
  return Response.json({ items: [DECISION], next_cursor: null });
}

beforeEach(() => {
  [asked, waiting, refusal] = [[], [], null];
  vi.spyOn(globalThis, 'fetch').mockImplementation((address, init) => Promise.resolve(answer(address as string, init)));
});

afterEach(() => {
  vi.restoreAllMocks();
});

const open = (address = '/remediation') =>
  renderPanel(<App />, { store: liveStore(snapshot(1, [service('redis')])), address });

it('shows policies, the file that is not valid, breakers and decisions', async () => {
  open();
  expect(await screen.findByRole('alert')).toHaveTextContent(
    '10-data.yml, line 7 is not valid. expected a list. In force: its last valid version.',
  );
  expect(within(screen.getByRole('region', { name: 'Table of breakers' })).getByText('OPEN')).toBeInTheDocument();
  expect(within(screen.getByRole('region', { name: 'Table of policies' })).getByText('with care')).toBeInTheDocument();
  const decisions = await screen.findByRole('region', { name: 'Table of decisions' });
  expect(within(decisions).getByText('its recovery mode is manual')).toBeInTheDocument();
  expect(screen.queryByText('Waiting for your approval')).not.toBeInTheDocument();
});

it('lets a person approve what waits, which then is gone', async () => {
  waiting = [APPROVAL];
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Approve recreate redis' }));
  await vi.waitFor(() => expect(screen.queryByText('Waiting for your approval')).not.toBeInTheDocument());
  expect(asked).toContain('/api/v1/approvals/a1 {"answer":"approve"}');
});

it('says why an answer was not taken', async () => {
  waiting = [APPROVAL];
  refusal = Response.json({ title: 'Not Found', detail: 'Somebody has answered.' }, { status: 404 });
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Refuse recreate redis' }));
  expect(await screen.findByText('Somebody has answered.')).toBeInTheDocument();
});

it('asks for decisions by the filters in the address', async () => {
  open('/remediation?service=redis&kind=left');
  await screen.findByRole('region', { name: 'Table of decisions' });
  expect(asked).toContain('/api/v1/decisions?limit=50&service=redis&kind=left');
});

it('says a policy in words', () => {
  expect(whenOf(POLICY)).toBe('redis, group data: down, crash loop');
  expect(whenOf({ ...POLICY, services: [], groups: [] })).toBe('every service: down, crash loop');
  expect(limitsOf(POLICY)).toBe(
    'at most 5 in 10 min; 1 min 30 s of rest after 3 failures in a row; pauses of 100 ms to 1 min; start period 30 s',
  );
});
