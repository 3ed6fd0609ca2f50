import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncidentDetail } from '../src/api/incidents';
import type { Evidence, Happening } from '../src/api/story';
import { App } from '../src/App';
import { placeOf, sinceOpening } from '../src/incidents/happenings';
import { action, AT, incident as opened, service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const PHASES = ['detect', 'triage', 'communicate', 'mitigate', 'resolve', 'review'];

const STOP: Happening = {
  kind: 'action',
  id: 'a1',
  at: '2026-02-03T12:00:05Z',
  ended_at: '2026-02-03T12:00:06Z',
  service: 'redis',
  what: 'stop',
  outcome: 'succeeded',
  by: 'alice',
  text: 'Service stopped manually',
  run_id: null,
};
const HANG: Happening = {
  ...STOP,
  kind: 'fault',
  id: 'f1',
  at: '2026-02-03T11:59:40Z',
  what: 'grey_hang',
  run_id: 'r1',
};

const OPENED: Evidence = {
  moment: 'opened',
  taken_at: '2026-02-03T12:00:01Z',
  services: [
    {
      name: 'redis',
      role: 'affected',
      status: 'DOWN',
      state: 'exited',
      exit_code: 137,
      started_at: AT,
      finished_at: AT,
      image: 'redis:8',
      log: ['ready', 'out of memory'],
    },
  ],
  happenings: [HANG],
};

const INCIDENT: IncidentDetail = {
  ...opened(1),
  alert_list: [],
  timeline: [],
  merged: [],
  upstream: [],
  checklist: PHASES.map((phase) => ({
    phase,
    meaning: `the meaning of ${phase}`,
    done_by: phase === 'detect' ? 'incidentops' : null,
    done_at: phase === 'detect' ? AT : null,
  })),
};

let incident: IncidentDetail;
let newest: Happening[];
let evidence: Evidence[];
const sent: string[] = [];

function answer(address: string, init?: RequestInit): Response {
  if (init?.method === 'PATCH') {
    sent.push(init.body as string);
    return Response.json(incident);
  }
  if (address.endsWith('/related?cursor=c')) return Response.json({ services: {}, items: [HANG], next_cursor: null });
  if (address.endsWith('/related')) return Response.json({ services: {}, items: newest, next_cursor: 'c' });
  if (address.endsWith('/evidence')) return Response.json({ items: evidence });
  return Response.json(incident);
}

beforeEach(() => {
  incident = INCIDENT;
  newest = [STOP];
  evidence = [OPENED];
  sent.length = 0;
  vi.spyOn(globalThis, 'fetch').mockImplementation((address, init) => Promise.resolve(answer(address as string, init)));
});

afterEach(() => {
  vi.restoreAllMocks();
});

const open = () => renderPanel(<App />, { store: liveStore(snapshot(1, [service('redis')])), address: '/incidents/1' });
const sameTime = () => screen.findByRole('list', { name: 'What was done at the same time' });

describe('at the same time', () => {
  it('tells what was done, oldest first, each leading to its page', async () => {
    open();
    await userEvent.click(await screen.findByRole('button', { name: 'Show earlier' }));
    await waitFor(async () => expect(within(await sameTime()).getAllByRole('listitem')).toHaveLength(2));
    const list = within(await sameTime());
    const [hang, stop] = list.getAllByRole('listitem');
    expect(hang).toHaveTextContent('20 s before');
    expect(hang).toHaveTextContent('FAULT');
    expect(stop).toHaveTextContent('5 s after');
    const leadsTo = (name: string) => list.getByRole('link', { name }).getAttribute('href');
    expect(leadsTo('grey hang on redis')).toBe('/runs/r1');
    expect(leadsTo('stop redis')).toBe('/audit?service=redis&verb=stop');
  });

  it('follows what is done now', async () => {
    const { store } = open();
    expect(await within(await sameTime()).findAllByRole('listitem')).toHaveLength(1);
    newest = [{ ...STOP, id: 'a2', what: 'start' }, STOP];
    store.delta({ revision: 2, actions: [action('a2', { verb: 'start' })], server_time: AT });
    expect(await screen.findByRole('link', { name: 'start redis' })).toBeInTheDocument();
  });
});

describe('the evidence', () => {
  it('shows services, last lines and what had been done', async () => {
    open();
    const table = await screen.findByRole('region', { name: 'Services as they were' });
    expect(within(table).getByRole('row', { name: /redis DOWN affected redis:8 137/ })).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'Last lines of redis' })).toHaveTextContent('ready out of memory');
    expect(screen.getByRole('list', { name: 'What had been done before' })).toHaveTextContent('grey hang on redis');
  });

  it('of both moments lies side by side', async () => {
    evidence = [OPENED, { ...OPENED, moment: 'resolved', services: [] }];
    open();
    await userEvent.click(await screen.findByRole('tab', { name: 'When it was resolved' }));
    expect(screen.getByText('None of its services is managed here.')).toBeInTheDocument();
  });

  it('says when there is none', async () => {
    evidence = [];
    open();
    expect(await screen.findByText(/None yet. It is taken a moment after/)).toBeInTheDocument();
  });
});

describe('the checklist', () => {
  it('shows who did what, and is ticked by mouse and by number', async () => {
    open();
    const list = await screen.findByRole('region', { name: 'Checklist' });
    expect(within(list).getByRole('checkbox', { name: '1. Detect' })).toBeChecked();
    expect(list).toHaveTextContent('incidentops, ');
    await userEvent.click(within(list).getByRole('checkbox', { name: '2. Triage' }));
    await userEvent.keyboard('16');
    expect(sent).toEqual(['{"checklist":{"triage":true}}', '{"checklist":{"review":true}}']);
  });

  it('takes a tick back', async () => {
    incident = {
      ...INCIDENT,
      checklist: INCIDENT.checklist.map((item) => ({ ...item, done_by: 'alice', done_at: AT })),
    };
    open();
    await userEvent.click(await screen.findByRole('checkbox', { name: '2. Triage' }));
    expect(sent).toEqual(['{"checklist":{"triage":false}}']);
  });
});

describe('a happening', () => {
  it.each([
    [STOP, '/audit?service=redis&verb=stop'],
    [{ ...STOP, kind: 'decision', what: 'healed' }, '/remediation?service=redis'],
    [{ ...HANG, run_id: null }, '/services/redis?tab=actions'],
    [{ ...STOP, kind: 'experiment', service: '', run_id: 'r1' }, '/runs/r1'],
  ] as const)('leads to its page', (happening, path) => {
    expect(placeOf(happening)).toBe(path);
  });

  it('is seen from the beginning of the incident', () => {
    expect([sinceOpening('2026-02-03T12:03:00Z', AT), sinceOpening('2026-02-03T11:59:00Z', AT)]).toEqual([
      '3 min after',
      '1 min before',
    ]);
  });
});
