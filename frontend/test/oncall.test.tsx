import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { wallClock } from '../src/time/zones';
import { Backend } from './backend';
import { snapshot } from './cast';
import { ANSWERS } from './oncall-cast';
import { liveStore, renderPanel } from './render';

let backend: Backend;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-07T12:00:00Z'), toFake: ['Date'] });
  backend = new Backend(ANSWERS);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const open = (address: string) => renderPanel(<App />, { store: liveStore(snapshot(1, [])), address });
const calls = () => backend.written.map(({ call }) => call);

it('says in the top bar who is on call now', async () => {
  open('/');
  expect(await within(screen.getByRole('banner')).findByRole('link', { name: 'alice' })).toHaveAttribute(
    'href',
    '/oncall',
  );
});

it('shows the final line, overrides, each layer and the gaps of a schedule', async () => {
  open('/oncall');
  const card = await screen.findByRole('region', { name: 'Schedule primary' });
  expect(await within(card).findByText('Nobody')).toBeInTheDocument();
  expect(within(card).getByText('Overrides')).toBeInTheDocument();
  expect(within(card).getByText('week')).toBeInTheDocument();
  expect(within(card).getByRole('status')).toHaveTextContent('nobody in a gap');
  expect(within(card).getByRole('link', { name: 'Calendar' })).toHaveAttribute(
    'href',
    '/api/v1/schedules/primary/calendar.ics',
  );
});

it('takes an override back', async () => {
  open('/oncall');
  await userEvent.click(await screen.findByRole('button', { name: 'Take back' }));
  expect(calls()).toEqual(['DELETE /api/v1/schedules/primary/overrides?user=bob&start=2026-01-13T09%3A00%3A00Z']);
});

it('overrides a schedule by form, and says at its fields what is missing', async () => {
  open('/oncall');
  const form = within(await screen.findByRole('form', { name: 'Override primary' }));
  await userEvent.click(form.getByRole('button', { name: 'Override' }));
  expect(await form.findAllByText('is needed')).toHaveLength(3);
  await userEvent.click(form.getByRole('textbox', { name: /Override with/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'alice' }));
  await userEvent.type(form.getByLabelText(/From/), '2026-01-08T09:00');
  await userEvent.type(form.getByLabelText(/Until/), '2026-01-09T09:00');
  expect(await screen.findByTestId('picked')).toBeInTheDocument();
  await userEvent.click(form.getByRole('button', { name: 'Override' }));
  expect(backend.written[0]).toEqual({
    call: 'POST /api/v1/schedules/primary/overrides',
    body: {
      user: 'alice',
      start: new Date('2026-01-08T09:00').toISOString(),
      end: new Date('2026-01-09T09:00').toISOString(),
      reason: '',
    },
  });
});

it('takes a shift of the calendar into the form by keys, from now on when it has begun', async () => {
  open('/oncall');
  const line = within(await screen.findByRole('toolbar', { name: 'Shifts to override' }));
  const form = within(screen.getByRole('form', { name: 'Override primary' }));
  const [running] = line.getAllByRole('button', { name: 'alice' });
  const gap = line.getByRole('button', { name: 'Nobody' });
  act(() => running?.focus());
  await userEvent.keyboard('{Enter}');
  expect(form.getByLabelText('From')).toHaveValue(wallClock(new Date('2026-01-07T12:00Z')));
  expect(form.getByLabelText('Until')).toHaveValue(wallClock(new Date('2026-01-12T09:00Z')));
  expect(form.getByRole('textbox', { name: 'Override with' })).toHaveFocus();
  act(() => running?.focus());
  await userEvent.keyboard('{ArrowRight}');
  expect(gap).toHaveFocus();
  await userEvent.keyboard(' ');
  expect(form.getByLabelText('From')).toHaveValue(wallClock(new Date('2026-01-12T09:00Z')));
  expect(line.getAllByRole('button').filter((button) => button.tabIndex === 0)).toEqual([gap]);
});

it('reads a policy as sentences, and contacts without secrets', async () => {
  open('/oncall/policies');
  expect(await screen.findByText('Page schedule primary, wait 5 min')).toBeInTheDocument();
});

it('shows teams with their policies, and contacts without secrets', async () => {
  open('/oncall/people');
  expect(await screen.findByText(/critical: sev-1 · high: nobody is paged/)).toBeInTheDocument();
  expect(await screen.findByText(/webhook http:\/\/catcher:8025\/…/)).toBeInTheDocument();
});

it('lists every attempt of a notification with its answer', async () => {
  open('/oncall/notifications');
  const attempts = within(await screen.findByRole('list', { name: 'Attempts' })).getAllByRole('listitem');
  expect(attempts.map((line) => line.textContent)).toEqual([
    '1. webhook  failed 503 Service Unavailable 1 s',
    '2. email  delivered accepted by catcher 1 s',
  ]);
});

it('ends a silence and a window now, also one that comes again', async () => {
  open('/oncall/maintenance');
  await userEvent.click(await screen.findByRole('button', { name: 'End db-upgrade now' }));
  await userEvent.click(await screen.findByRole('button', { name: 'End quiet-redis now' }));
  expect(calls()).toEqual([
    'POST /api/v1/maintenance-windows/db-upgrade/end',
    'PUT /api/v1/silences/quiet-redis?revision=1',
  ]);
  expect(backend.written[1]?.body).toMatchObject({ end: '2026-01-07T12:00:00.000Z' });
});
