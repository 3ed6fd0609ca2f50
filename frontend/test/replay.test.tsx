import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const POLICY = { name: 'sev-1', description: '', repeat: 0, ack_timeout_seconds: null, steps: [] };
const KEPT = { revision: 1, changed_by: 'alice', changed_at: '2026-01-05T09:00:00Z' };
const PAGE = { at: '2026-01-05T09:00:00Z', recipient: 'alice', channel: 'webhook', step: 1 };
const FOUND = {
  alerts: 12,
  incidents_now: 3,
  incidents_then: 3,
  only_now: [],
  only_then: [],
  paged_differently: 1,
  paged: [
    {
      service: 'redis',
      title: 'redis is slow',
      severity: 'high',
      opened_at: '2026-01-05T09:00:00Z',
      members: ['1'],
      now: [PAGE],
      then: [{ ...PAGE, recipient: 'bob' }],
    },
  ],
  people: [
    { name: 'alice', now: 3, then: 2 },
    { name: 'bob', now: 0, then: 1 },
  ],
};
const NAMES_NOBODY = { title: 'Unprocessable', status: 422, detail: "There is no user 'nobody'." };
const sent: { path: string; body: string }[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.spyOn(globalThis, 'fetch').mockImplementation((address, init) => {
    const path = address as string;
    if (path.startsWith('/api/v1/correlation/replay')) {
      const body = init?.body as string;
      sent.push({ path, body });
      return Promise.resolve(
        body.includes('nobody') ? Response.json(NAMES_NOBODY, { status: 422 }) : Response.json(FOUND),
      );
    }
    const items = path === '/api/v1/escalation-policies' ? [{ ...KEPT, ...POLICY }] : [];
    return Promise.resolve(Response.json({ items, next_cursor: null, source: '', on_call: [], primary: null }));
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const open = () => renderPanel(<App />, { store: liveStore(snapshot(1, [])), address: '/oncall/replay' });

it('begins with what holds, and tells who would have been paged with the draft', async () => {
  open();
  await screen.findByRole('option', { name: 'policy sev-1' });
  await userEvent.selectOptions(screen.getByLabelText('Begin with'), 'policy sev-1');
  expect(screen.getByLabelText('Draft')).toHaveValue(JSON.stringify({ escalation_policies: [POLICY] }, null, 2));
  await userEvent.click(screen.getByRole('button', { name: 'Replay' }));
  const found = within(await screen.findByRole('region', { name: 'What a replay found' }));
  expect(found.getByRole('heading')).toHaveTextContent('1 incident would have been paged differently');
  const people = within(found.getByRole('list', { name: 'People' })).getAllByRole('listitem');
  expect(people.map((line) => line.textContent)).toEqual(['alice3 → 2 pages', 'bob0 → 1 page']);
  const [incident] = within(found.getByRole('list', { name: 'Incidents paged differently' })).getAllByRole('listitem');
  expect(incident).toHaveTextContent(/Now: alice .* by webhookThen: bob .* by webhook/);
  expect(sent[0]?.path).toMatch(/^\/api\/v1\/correlation\/replay\?since=\d{4}-/);
});

it('says what is wrong with a draft', async () => {
  open();
  fireEvent.change(await screen.findByLabelText('Draft'), { target: { value: 'teams: [nobody]' } });
  await userEvent.click(screen.getByRole('button', { name: 'Replay' }));
  expect(await screen.findByText("There is no user 'nobody'.")).toBeInTheDocument();
});
