import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Incident, IncidentDetail } from '../src/api/incidents';
import { App } from '../src/App';
import { span } from '../src/incidents/words';
import type { Topic } from '../src/live/topics';
import { AT, incident, service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const DETAIL: IncidentDetail = {
  ...incident(1),
  alert_list: [],
  timeline: [{ at: AT, kind: 'created', actor: 'incidentops', text: 'opened by rule default', data: {} }],
  merged: [],
  upstream: [],
  checklist: [],
};
const NUMBERS = {
  since: AT,
  until: AT,
  incidents: 3,
  unresolved: 1,
  alerts: 9,
  mtta_seconds: 65,
  mttr_seconds: 3_700,
  mtta_p95_seconds: 90,
  mttr_p95_seconds: null,
  by_severity: { high: 3 },
  by_status: { open: 1 },
  volume: [{ at: AT, count: 3, mtta_seconds: 65, mttr_seconds: null }],
  noisiest: [{ service: 'redis', incidents: 3, alerts: 9 }],
};

let stored: Incident[] = [];
let refusal: Response | null = null;
const asked: string[] = [];
const sent: string[] = [];
const listeners = new Map<Topic, () => void>();
const topics = {
  joinTopic: (topic: Topic, changed: () => void) => {
    listeners.set(topic, changed);
    return () => listeners.delete(topic);
  },
};

function answer(address: string, init?: RequestInit): Response {
  asked.push(address);
  if (init?.method === 'PATCH') {
    sent.push(`${address.split('/').pop() ?? ''} ${init.body as string}`);
    if (refusal !== null) return refusal;
    const edit = JSON.parse(init.body as string) as Partial<Incident>;
    stored = stored.map((each) => (address.endsWith(each.id) ? { ...each, ...edit } : each));
    return Response.json(stored[0]);
  }
  if (address.endsWith('/merge')) {
    if ((init?.body as string).includes('"2"')) {
      return Response.json(
        { title: 'Conflict', detail: 'It cannot be merged into itself.', status: 409 },
        { status: 409 },
      );
    }
    stored = [incident(1)];
    return Response.json(stored[0]);
  }
  if (address.endsWith('/reopen')) {
    stored = [incident(3)];
    return Response.json(stored[0], { status: 201 });
  }
  if (address.includes('stats/summary')) return Response.json(NUMBERS);
  if (address.startsWith('/api/v1/incidents?')) return Response.json({ items: stored, next_cursor: null });
  if (address.endsWith('/related')) return Response.json({ services: {}, items: [], next_cursor: null });
  if (address.endsWith('/evidence')) return Response.json({ items: [] });
  if (address.startsWith('/api/v1/incidents/')) return Response.json({ ...DETAIL, ...stored[0] });
  return Response.json({ items: [], next_cursor: null });
}

beforeEach(() => {
  stored = [incident(2), incident(1, { severity: 'critical' })];
  refusal = null;
  asked.length = sent.length = 0;
  vi.spyOn(globalThis, 'fetch').mockImplementation((address, init) => Promise.resolve(answer(address as string, init)));
});

afterEach(() => {
  vi.restoreAllMocks();
});

const open = (address: string) => {
  const services = [service('redis'), service('billing', { depends_on: ['redis'] })];
  return renderPanel(<App />, { store: liveStore(snapshot(1, services)), address, topics });
};

describe('the top bar', () => {
  it('counts what is not resolved, in the look of the worst, and leads there', async () => {
    open('/');
    const chip = await screen.findByTestId('open-incidents');
    expect(chip).toHaveTextContent('2 incidents');
    expect(chip).toHaveAttribute('data-look', 'down');
    expect(chip).toHaveAttribute('href', '/incidents?status=open&status=acknowledged&status=in_progress');
    stored = [];
    listeners.get('incidents')?.();
    await waitFor(() => expect(chip).not.toBeInTheDocument());
  });
});

describe('the list of incidents', () => {
  it('shows number, severity and status in words, newest first', async () => {
    open('/incidents');
    const rows = within(await screen.findByRole('list', { name: 'Incidents' })).getAllByRole('listitem');
    expect(rows.map((row) => row.dataset.card)).toEqual(['id-2', 'id-1']);
    expect(rows[1]).toHaveTextContent('SEV-1 critical');
    expect(rows[1]).toHaveTextContent('OPEN');
    expect(screen.getByText('2 shown, 2 unresolved')).toBeInTheDocument();
  });

  it('asks for what the address says', async () => {
    open('/incidents?status=open&status=acknowledged&service=redis&within_hours=24');
    await screen.findByRole('list', { name: 'Incidents' });
    expect(asked.some((each) => each.includes('status=open&status=acknowledged'))).toBe(true);
    expect(asked.some((each) => /since=\d{4}-/.test(each) && !each.includes('within_hours'))).toBe(true);
    expect(screen.getByLabelText('Opened')).toHaveValue('24');
    expect(asked.some((each) => each.includes('service=redis'))).toBe(true);
  });

  it('moves with j and k, acknowledges with a and resolves with r', async () => {
    open('/incidents');
    await screen.findByTestId('incident-2');
    await userEvent.keyboard('a');
    expect(sent).toEqual([]);
    await userEvent.keyboard('jja');
    await waitFor(() => expect(screen.getByTestId('incident-1')).toHaveTextContent('ACKNOWLEDGED'));
    await userEvent.keyboard('r');
    await waitFor(() => expect(screen.getByTestId('incident-1')).toHaveTextContent('RESOLVED'));
    await userEvent.keyboard('r');
    expect(sent).toEqual(['id-1 {"status":"acknowledged"}', 'id-1 {"status":"resolved"}']);
  });

  it('follows the server', async () => {
    open('/incidents');
    await screen.findByTestId('incident-2');
    stored = [incident(3), ...stored];
    listeners.get('incidents')?.();
    expect(await screen.findByTestId('incident-3')).toBeInTheDocument();
  });

  it('says why a step was refused', async () => {
    refusal = Response.json({ title: 'Conflict', detail: 'Incident 2 is resolved', status: 409 }, { status: 409 });
    open('/incidents');
    await userEvent.click(await screen.findByRole('button', { name: 'Acknowledge incident 2' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Conflict. Incident 2 is resolved');
  });

  it('says how to get the first one', async () => {
    stored = [];
    open('/incidents');
    expect(await screen.findByText('No incident fits')).toBeInTheDocument();
  });
});

describe('the page of an incident', () => {
  it('shows its story and what stands on its service', async () => {
    stored = [incident(1, { status: 'resolved', mtta_seconds: 65, mttr_seconds: 3_700 })];
    open('/incidents/1');
    expect(await screen.findByText('opened by rule default')).toBeInTheDocument();
    expect(screen.getByTestId('mtta')).toHaveTextContent('1 min 5 s');
    expect(screen.getByTestId('mttr')).toHaveTextContent('1 h 1 min');
    const radius = screen.getByRole('region', { name: 'Blast radius' });
    expect(within(radius).getByRole('link', { name: 'billing' })).toBeInTheDocument();
  });

  it('takes a note and a key', async () => {
    open('/incidents/2');
    await userEvent.type(await screen.findByLabelText('Note'), 'disk was full{Tab}');
    await userEvent.click(screen.getByRole('button', { name: 'Add note' }));
    await userEvent.keyboard('a');
    expect(sent).toEqual(['id-2 {"notes":"disk was full"}', 'id-2 {"status":"acknowledged"}']);
    expect(screen.getByLabelText('Note')).toHaveValue('');
  });

  it('leaves a note that was not stored where it was written', async () => {
    refusal = Response.json({ title: 'Away', detail: 'postgres is away', status: 503 }, { status: 503 });
    open('/incidents/2');
    await userEvent.type(await screen.findByLabelText('Note'), 'disk was full');
    await userEvent.click(screen.getByRole('button', { name: 'Add note' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('postgres is away');
    expect(screen.getByLabelText('Note')).toHaveValue('disk was full');
  });
});

describe('what can be changed of an incident', () => {
  it('is team and responders too', async () => {
    open('/incidents/2');
    await userEvent.type(await screen.findByLabelText('Team'), 'data{Enter}');
    await userEvent.type(screen.getByLabelText('Responders'), 'alice, bob,{Enter}');
    expect(sent).toEqual(['id-2 {"team":"data"}', 'id-2 {"responders":["alice","bob"]}']);
  });

  it('is what it is part of; a refusal is said in its place', async () => {
    open('/incidents/2');
    const form = within(await screen.findByRole('form', { name: 'Merge' }));
    await userEvent.type(form.getByRole('textbox'), '#2{Enter}');
    expect(await form.findByRole('alert')).toHaveTextContent('cannot be merged into itself');
    await userEvent.clear(form.getByRole('textbox'));
    await userEvent.type(form.getByRole('textbox'), '#1{Enter}');
    expect(await screen.findByRole('heading', { level: 1, name: /#1/ })).toBeInTheDocument();
  });
});

describe('an incident that was resolved lately', () => {
  it('is reopened as a new one, which is shown', async () => {
    stored = [incident(1, { status: 'resolved', reopen_until: new Date(Date.now() + 60_000).toISOString() })];
    open('/incidents/1');
    await userEvent.click(await screen.findByRole('button', { name: 'Reopen incident 1' }));
    expect(await screen.findByRole('heading', { level: 1, name: /#3/ })).toBeInTheDocument();
    expect(asked).toContain('/api/v1/incidents/id-1/reopen');
    expect(screen.queryByRole('button', { name: /Reopen/ })).not.toBeInTheDocument();
  });

  it('is not, once it is too late', async () => {
    stored = [incident(1, { status: 'resolved', reopen_until: new Date(Date.now() - 1_000).toISOString() })];
    open('/incidents/1');
    expect(await screen.findByRole('heading', { level: 1, name: /#1/ })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /Reopen/ })).not.toBeInTheDocument();
  });
});

describe('the statistics', () => {
  it('tell times, volume and the noisiest', async () => {
    open('/incidents/statistics?days=7');
    expect(await screen.findByText('1 min 5 s')).toBeInTheDocument();
    expect(screen.getByRole('meter', { name: 'redis: 9' })).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'Volume over time, at most 3' })).toBeInTheDocument();
    expect(screen.getByRole('img', { name: /MTTA\) over time, at most 1 min 5 s/ })).toBeInTheDocument();
    expect(screen.getByRole('img', { name: /MTTR\) over time, at most 0 s/ })).toBeInTheDocument();
  });
});

describe('a span of time', () => {
  it.each([
    [null, '–'],
    [0.4, '0 s'],
    [45, '45 s'],
    [60, '1 min'],
    [125, '2 min 5 s'],
    [90_000, '1 d 1 h'],
  ])('%s is %s', (seconds, text) => {
    expect(span(seconds)).toBe(text);
  });
});
