import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { Backend } from './backend';
import { snapshot } from './cast';
import { ALICE, ANSWERS, attempt, BOB } from './oncall-cast';
import { liveStore, renderPanel } from './render';

let backend: Backend;
/** Tells the page that the directory changed, as the live connection does. */
let changed: () => void = () => undefined;

const topics = {
  joinTopic: (topic: string, listener: () => void) => {
    if (topic === 'oncall') changed = listener;
    return () => undefined;
  },
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-07T12:00:00Z'), toFake: ['Date'] });
  backend = new Backend(ANSWERS);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const open = (address: string) => renderPanel(<App />, { store: liveStore(snapshot(1, [])), address, topics });
const save = async () => userEvent.click(screen.getByRole('button', { name: 'Save' }));
const field = (name: string | RegExp) => screen.getByRole('textbox', { name });

async function retype(name: string | RegExp, text: string): Promise<void> {
  await userEvent.clear(field(name));
  await userEvent.click(field(name));
  await userEvent.paste(text);
}

async function choose(name: string | RegExp, option: string): Promise<void> {
  await userEvent.click(field(name));
  await userEvent.click(await screen.findByRole('option', { name: option }));
}

it('makes a user with a contact method', async () => {
  open('/oncall/users/new');
  await screen.findByRole('form', { name: 'New user' });
  await retype(/^Name/, 'carol');
  await userEvent.click(screen.getByRole('button', { name: 'Add contact method' }));
  await retype('URL', 'http://catcher:8025/carol');
  await save();
  expect(backend.written).toHaveLength(1);
  expect(backend.written[0]).toMatchObject({
    call: 'POST /api/v1/users',
    body: {
      name: 'carol',
      methods: [{ channel: 'webhook', target: 'http://catcher:8025/carol', urgencies: ['high', 'low'] }],
    },
  });
  expect(await screen.findByRole('heading', { name: 'People and teams' })).toBeInTheDocument();
});

it('shows what is wrong at its field, and all of it together', async () => {
  const errors = [
    { field: 'methods.0.target', reason: 'a webhook method needs an http:// or https:// URL as its target' },
    { field: 'zone', reason: 'no such zone' },
  ];
  backend.refuse('PUT /api/v1/users/alice', 422, 'invalid-request', { errors });
  open('/oncall/users/alice');
  await screen.findByRole('form', { name: 'User alice' });
  await retype('URL', 'nowhere');
  await save();
  expect(await within(screen.getByRole('alert')).findAllByRole('listitem')).toHaveLength(2);
  expect(field('URL')).toBeInvalid();
  expect(field('URL')).toHaveAccessibleDescription(/needs an http/);
  expect(field('Time zone')).toBeInvalid();
  expect(field('Full name')).toBeValid();
});

it('says who uses what cannot be removed', async () => {
  backend.refuse('DELETE /api/v1/users/alice', 409, 'still-named', {
    detail: 'alice is still named by primary: change these first.',
  });
  open('/oncall/users/alice');
  await userEvent.click(await screen.findByRole('button', { name: 'Remove' }));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
  expect(await screen.findByText(/still named by primary/)).toBeInTheDocument();
});

it('removes what is shown, and not what somebody else has made of it meanwhile', async () => {
  backend.refuse('DELETE /api/v1/users/alice', 409, 'entry-changed', {
    detail: 'alice was changed meanwhile and stands at revision 2: read it again.',
  });
  open('/oncall/users/alice');
  const remove = async () => {
    await userEvent.click(await screen.findByRole('button', { name: 'Remove' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Remove' }));
  };
  await screen.findByRole('form', { name: 'User alice' });
  backend.answers['/api/v1/users'] = { items: [{ ...ALICE, revision: 2, changed_by: 'bob' }, BOB] };
  await remove();
  expect(await screen.findByText(/stands at revision 2/)).toBeInTheDocument();
  expect(await screen.findByText(/last changed by bob/)).toBeInTheDocument();
  await remove();
  await waitFor(() =>
    expect(backend.written.map(({ call }) => call)).toEqual([
      'DELETE /api/v1/users/alice?revision=1',
      'DELETE /api/v1/users/alice?revision=2',
    ]),
  );
});

it('puts what was changed here on top of what somebody else saved meanwhile', async () => {
  backend.refuse('PUT /api/v1/users/alice', 409, 'entry-changed');
  open('/oncall/users/alice');
  await screen.findByRole('form', { name: 'User alice' });
  await retype('Full name', 'Alice Liddell');
  backend.answers['/api/v1/users'] = {
    items: [{ ...ALICE, role: 'engineer', revision: 2, changed_by: 'bob' }, BOB],
  };
  await save();
  const note = await screen.findByText(/bob saved it while you were changing it: role. You changed full name/);
  backend.on('PUT /api/v1/users/alice', (body) => Response.json(body));
  await userEvent.click(screen.getByRole('button', { name: 'Put my changes on top of theirs' }));
  expect(note).not.toBeInTheDocument();
  await save();
  expect(backend.written.at(-1)).toMatchObject({
    call: 'PUT /api/v1/users/alice?revision=2',
    body: { full_name: 'Alice Liddell', role: 'engineer' },
  });
});

it('tells of the conflict as soon as somebody else saves, and can drop the own changes', async () => {
  open('/oncall/users/alice');
  await screen.findByRole('form', { name: 'User alice' });
  await retype('Full name', 'Alice Liddell');
  backend.answers['/api/v1/users'] = { items: [{ ...ALICE, full_name: 'Al', revision: 2, changed_by: 'bob' }] };
  changed();
  expect(await screen.findByText(/Both changed full name: yours would stand/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Drop my changes' }));
  expect(field('Full name')).toHaveValue('Al');
  expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
});

it('makes anew what somebody else removed meanwhile', async () => {
  open('/oncall/users/alice');
  await screen.findByRole('form', { name: 'User alice' });
  await retype('Full name', 'Alice Liddell');
  backend.answers['/api/v1/users'] = { items: [BOB] };
  changed();
  await userEvent.click(await screen.findByRole('button', { name: 'Make it anew' }));
  await save();
  expect(backend.written.at(-1)).toMatchObject({ call: 'POST /api/v1/users', body: { name: 'alice' } });
});

it('asks before unsaved changes are left, and keeps them when told to stay', async () => {
  open('/oncall/users/alice');
  await screen.findByRole('form', { name: 'User alice' });
  await retype('Role', 'engineer');
  await userEvent.click(screen.getByRole('link', { name: 'Overview' }));
  const asked = within(await screen.findByRole('dialog', { name: 'Unsaved changes' }));
  await userEvent.click(asked.getByRole('button', { name: 'Stay' }));
  expect(field('Role')).toHaveValue('engineer');
  await userEvent.click(screen.getByRole('link', { name: 'Overview' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Leave without saving' }));
  await waitFor(() => expect(screen.queryByRole('form', { name: 'User alice' })).toBeNull());
});

it('sends a real test by a method as it is shown, and shows its answer', async () => {
  const sent = { id: '7', state: 'pending', attempts: [] };
  backend.on('POST /api/v1/notify', () => Response.json(sent));
  backend.answers['/api/v1/notifications/7'] = {
    ...sent,
    state: 'delivered',
    attempts: [attempt(1, 'webhook', 'delivered', '200 OK')],
  };
  open('/oncall/users/alice');
  await userEvent.click(await screen.findByRole('button', { name: 'Send a test by contact method 1' }));
  expect(await screen.findByText('delivered: 200 OK')).toBeInTheDocument();
  expect(backend.written[0]?.body).toMatchObject({ recipient: 'alice', target: 'http://catcher:8025/…' });
});

it('gives a team its members, services and policies', async () => {
  open('/oncall/teams/operations');
  await screen.findByRole('form', { name: 'Team operations' });
  await choose('Members', 'bob');
  await userEvent.type(field('Services'), 'billing{Enter}');
  await choose('SEV-2 high', 'sev-1');
  await save();
  expect(backend.written[0]?.body).toEqual({
    name: 'operations',
    description: '',
    members: ['alice', 'bob'],
    services: ['billing'],
    policies: { critical: 'sev-1', high: 'sev-1' },
  });
});

it('moves, adds and removes the steps of a policy by buttons that keep the focus', async () => {
  open('/oncall/policies/sev-1');
  await userEvent.click(await screen.findByRole('button', { name: 'Move step 2 up' }));
  expect(screen.getByRole('button', { name: 'Move step 1 down' })).toHaveFocus();
  await userEvent.click(screen.getByRole('button', { name: 'Add step' }));
  const third = within(screen.getByRole('listitem', { name: 'step 3' }));
  await userEvent.click(third.getByRole('textbox', { name: 'Page' }));
  await userEvent.click(await screen.findByRole('option', { name: 'on call by primary', selected: false }));
  await userEvent.click(screen.getByRole('button', { name: 'Remove step 2' }));
  await save();
  expect(backend.written[0]?.body).toMatchObject({
    steps: [
      { targets: [{ kind: 'user', name: 'bob' }], wait_seconds: 900 },
      { targets: [{ kind: 'schedule', name: 'primary' }], wait_seconds: 300 },
    ],
    ack_timeout_seconds: 1800,
  });
});

it('says a wait in the unit that suits it', async () => {
  open('/oncall/policies/sev-1');
  const step = within(await screen.findByRole('listitem', { name: 'step 1' }));
  expect(step.getByLabelText('Then wait')).toHaveValue('5');
  await userEvent.selectOptions(step.getByLabelText('Unit of: Then wait'), 'hours');
  await save();
  expect(backend.written[0]?.body).toMatchObject({ steps: [{ wait_seconds: 18_000 }, { wait_seconds: 900 }] });
});

it('previews a schedule with its gaps before it is saved', async () => {
  open('/oncall/schedules/primary');
  const preview = within(await screen.findByRole('region', { name: 'Preview' }));
  expect(await preview.findByText('Nobody')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('switch', { name: 'Only in certain hours of the week' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Fri' }));
  await userEvent.click(screen.getByRole('button', { name: 'Move participant 2 up' }));
  await save();
  expect(backend.written[0]).toMatchObject({
    call: 'PUT /api/v1/schedules/primary?revision=1',
    body: {
      layers: [
        {
          rotation: { users: ['bob', 'alice'], days: 7 },
          hours: { start: '09:00', end: '17:00', weekdays: [0, 1, 2, 3] },
        },
      ],
      overrides: [{ user: 'bob' }],
    },
  });
});

it('plans a maintenance window', async () => {
  open('/oncall/maintenance/windows/new');
  await screen.findByRole('form', { name: 'New window' });
  await retype(/^Name/, 'night');
  await choose('Repeats', 'weekly');
  await userEvent.type(screen.getByLabelText('Last day'), '2027-03-01');
  await save();
  expect(backend.written[0]).toMatchObject({
    call: 'POST /api/v1/maintenance-windows',
    body: { repeat: 'weekly', last: '2027-03-01' },
  });
});

it('edits a silence with Alertmanager’s operators', async () => {
  open('/oncall/maintenance/silences/quiet-redis');
  await screen.findByRole('form', { name: 'Silence quiet-redis' });
  await choose('Is', '!=');
  await retype('Value', 'redis');
  await save();
  expect(backend.written[0]?.body).toMatchObject({
    matchers: [{ name: 'service', value: 'redis', equal: false, regex: false }],
  });
  expect(backend.written[0]?.body).not.toHaveProperty('created_by');
});

it('says that there is no such entry', async () => {
  open('/oncall/teams/ghosts');
  expect(await screen.findByText('There is no such team')).toBeInTheDocument();
});
