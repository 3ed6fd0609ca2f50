import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const KEPT = { revision: 3, changed_by: 'alice', changed_at: '2026-01-05T09:00:00Z' };
const CTO = { ...KEPT, name: 'cto', title: 'CTO', purpose: 'Complete outages', reach: '', schedule: '', order: 2 };
const ENGINEER = { ...CTO, name: 'on-call', title: 'On-call engineer', schedule: 'primary', order: 1 };
const SHIFT = {
  schedule: 'primary',
  team: 'operations',
  user: 'alice',
  full_name: '',
  role: '',
  layer: null,
  until: '',
};

let refusal: Response | null = null;
const sent: string[] = [];

function answer(address: string, init: RequestInit = {}): Response {
  if (init.method !== undefined && init.method !== 'GET') {
    sent.push(`${init.method} ${address} ${init.body as string}`);
    return refusal ?? Response.json({});
  }
  if (address === '/api/v1/contacts') return Response.json({ items: [CTO, ENGINEER] });
  if (address === '/api/v1/oncall/current') return Response.json({ primary: 'alice', on_call: [SHIFT] });
  return Response.json({ items: [] });
}

beforeEach(() => {
  refusal = null;
  sent.length = 0;
  vi.spyOn(globalThis, 'fetch').mockImplementation((address, init) => Promise.resolve(answer(address as string, init)));
});

afterEach(() => {
  vi.restoreAllMocks();
});

const open = () => renderPanel(<App />, { store: liveStore(snapshot(1, [])), address: '/oncall/contacts' });

it('lists contacts in their order, with who is on call now', async () => {
  open();
  const list = within(await screen.findByRole('region', { name: 'Contacts' }));
  expect(await list.findByText('alice')).toBeInTheDocument();
  const [engineer, cto] = list.getAllByRole('listitem');
  expect(engineer).toHaveTextContent('On-call engineer');
  expect(cto).toHaveTextContent('not filled in');
});

it('changes one from the revision that is shown', async () => {
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Edit CTO' }));
  const form = within(screen.getByRole('form', { name: 'Edit CTO' }));
  await userEvent.type(form.getByLabelText('Reached by'), '+49 30 1234');
  await userEvent.click(form.getByRole('button', { name: 'Save' }));
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/^PUT \/api\/v1\/contacts\/cto\?revision=3 .*"reach":"\+49 30 1234"/);
  expect(await screen.findByRole('button', { name: 'Edit CTO' })).toBeInTheDocument();
});

it('keeps what was typed when somebody else was faster, and says so', async () => {
  refusal = Response.json({ title: 'Conflict', detail: 'cto was changed meanwhile', status: 409 }, { status: 409 });
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Edit CTO' }));
  const form = within(screen.getByRole('form', { name: 'Edit CTO' }));
  await userEvent.type(form.getByLabelText('Reached by'), 'x');
  await userEvent.click(form.getByRole('button', { name: 'Save' }));
  expect(await form.findByText('cto was changed meanwhile')).toBeInTheDocument();
  expect(form.getByLabelText('Reached by')).toHaveValue('x');
});

it('adds one under a name made of its title, and removes one', async () => {
  open();
  const form = within(await screen.findByRole('form', { name: 'Add a contact' }));
  await userEvent.type(form.getByLabelText(/Who or what/), 'Cloud support (24/7)');
  await userEvent.click(form.getByRole('button', { name: 'Add' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Remove CTO' }));
  expect(sent[0]).toContain('POST /api/v1/contacts {"name":"cloud-support-24-7","title":"Cloud support (24/7)"');
  expect(sent[1]).toContain('DELETE /api/v1/contacts/cto?revision=3');
});
