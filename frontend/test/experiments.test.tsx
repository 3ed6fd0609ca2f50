import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry, Experiment, Run } from '../src/api/experiments';
import { App } from '../src/App';
import { faultsOf } from '../src/experiments/faults';
import { asked, tolerated } from '../src/experiments/words';
import { service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const REDIS: Experiment = {
  name: 'redis-hangs',
  title: 'Redis hangs',
  description: 'Frozen.',
  hypothesis: {
    title: 'Billing answers',
    probes: [{ type: 'service', name: 'billing answers', service: 'billing', tolerance: true }],
  },
  method: [
    { type: 'fault', name: 'freeze redis', fault: 'pause', service: 'redis', parameters: {} },
    { type: 'pause', seconds: 5 },
  ],
  rollbacks: [],
  blast_radius: { max_services: 1, max_share_of_group: 0.5, touch_incidents: false },
  lease_seconds: 30,
  recovery_seconds: 30,
};

const entry = (seq: number, at: string, more: Partial<Entry>): Entry => ({
  seq,
  at: `2026-02-03T12:00:${at}Z`,
  phase: 'method',
  kind: 'probe',
  name: 'billing answers',
  service: null,
  container: null,
  fault: null,
  fault_id: null,
  ok: true,
  value: true,
  detail: '',
  seconds: 0.1,
  ...more,
});

const FAULT = { name: 'freeze redis', service: 'redis', fault: 'pause', fault_id: 'f1' };
const RUN: Run = {
  id: 'r1',
  number: 7,
  experiment: 'redis-hangs',
  title: 'Redis hangs',
  trigger: 'operator',
  asked_by: 'alice',
  requested_at: '2026-02-03T12:00:00Z',
  ended_at: null,
  phase: 'method',
  verdict: null,
  reason: '',
  document: REDIS,
  entries: [entry(1, '01', {}), entry(2, '02', { kind: 'fault', value: 'active', ...FAULT })],
  sightings: [],
};
const ENDED: Run = {
  ...RUN,
  phase: 'ended',
  verdict: 'deviated',
  reason: 'billing answers: found False',
  ended_at: '2026-02-03T12:00:09Z',
  entries: [
    ...RUN.entries,
    entry(3, '03', { ok: false, value: false, detail: 'refused' }),
    entry(4, '04', { kind: 'undo', phase: 'rollback', value: 'undone', detail: 'clean', ...FAULT }),
  ],
  sightings: [{ at: '2026-02-03T12:00:02Z', service: 'redis', state: 'paused', up: false }],
};
const REPORT = {
  hypothesis: 'Billing answers',
  probes: [{ name: 'billing answers', times: 2, not_steady: 1, slowest_seconds: 0.1 }],
  harms: [
    {
      fault_id: 'f1',
      service: 'redis',
      container: null,
      kind: 'packet_loss',
      parameters: { percent: 30 },
      mechanism: 'nftables',
      detection_seconds: 0.05,
      recovery_seconds: 2.5,
      healed_by: 'restart by remediation',
      masked: { by: 'restart by remediation', at: '2026-02-03T12:00:03Z' },
      measured: {},
      result: ['eth0: a rule is left'],
    },
  ],
  detection_seconds: 0.05,
  recovery_seconds: 2.5,
  masked: true,
  clean: false,
};
const PREVIEW = {
  targets: ['redis'],
  affected: ['billing'],
  method_seconds: 5,
  steps: [
    {
      at_seconds: 0,
      what: 'freeze redis',
      service: 'redis',
      lease_seconds: 30,
      effect: 'It freezes.',
      mechanism: 'engine pause',
    },
  ],
  objections: [] as string[],
  lifted_by_touch_incidents: [] as string[],
};
const SUMMARY = {
  name: 'redis-hangs',
  title: 'Redis hangs',
  description: '',
  of_library: true,
  targets: ['redis'],
  faults: ['pause'],
  lease_seconds: 30,
  last_run: null,
  schedules: 0,
};

let sent: { method: string; path: string; body: string }[] = [];
let answers: Record<string, unknown> = {};

beforeEach(() => {
  sent = [];
  answers = {
    'GET /api/v1/experiments': { items: [SUMMARY], complete: true },
    'GET /api/v1/runs?limit=20': { items: [], next_cursor: null },
    'GET /api/v1/runs?limit=20&experiment=redis-hangs': { items: [ENDED], next_cursor: null },
    'GET /api/v1/experiments/redis-hangs': { of_library: true, document: REDIS },
    'GET /api/v1/experiments/redis-hangs/schedules': { items: [] },
    'GET /api/v1/runs/r1': RUN,
    'GET /api/v1/runs/r1/report.json': REPORT,
    'GET /api/v1/faults/kinds': [{ name: 'pause', title: 'Pause', parameters: {} }],
  };
  vi.spyOn(globalThis, 'fetch').mockImplementation((address, init) => {
    const method = init?.method ?? 'GET';
    const path = address as string;
    sent.push({ method, path, body: typeof init?.body === 'string' ? init.body : '' });
    const answer = answers[`${method} ${path}`];
    return Promise.resolve(answer instanceof Response ? answer : Response.json(answer ?? {}));
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const open = (address: string) =>
  renderPanel(<App />, { store: liveStore(snapshot(1, [service('redis'), service('billing')])), address });

const writes = () => sent.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

describe('the list of experiments', () => {
  it('asks with a dry run before it runs anything, and leads to the run', async () => {
    answers['POST /api/v1/experiments/redis-hangs/runs'] = PREVIEW;
    open('/experiments');
    await userEvent.click(await screen.findByRole('button', { name: 'Run Redis hangs' }));
    expect(await screen.findByText('It freezes.')).toBeInTheDocument();
    expect(sent.at(-1)?.body).toBe('{"dry_run":true}');
    answers['POST /api/v1/experiments/redis-hangs/runs'] = RUN;
    await userEvent.click(screen.getByRole('button', { name: 'Run it' }));
    expect(await screen.findByRole('heading', { name: /Run 7 of Redis hangs/ })).toBeInTheDocument();
  });

  it('does not offer what would be refused, and says why', async () => {
    answers['POST /api/v1/experiments/redis-hangs/runs'] = { ...PREVIEW, objections: ['redis is protected'] };
    open('/experiments');
    await userEvent.click(await screen.findByRole('button', { name: 'Run Redis hangs' }));
    expect(await screen.findByText('redis is protected')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Run it' })).toBeDisabled();
  });

  it('touches what is in an incident only when told', async () => {
    const why = ['redis is in incident 7'];
    const refusal = { ...PREVIEW, objections: why, lifted_by_touch_incidents: why };
    answers['POST /api/v1/experiments/redis-hangs/runs'] = refusal;
    open('/experiments');
    await userEvent.click(await screen.findByRole('button', { name: 'Run Redis hangs' }));
    expect(await screen.findByText('redis is in incident 7')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Run it' })).toBeDisabled();
    await userEvent.click(screen.getByRole('checkbox', { name: /Touch it all the same/ }));
    answers['POST /api/v1/experiments/redis-hangs/runs'] = RUN;
    await userEvent.click(screen.getByRole('button', { name: 'Run it' }));
    expect(await screen.findByRole('heading', { name: /Run 7 of Redis hangs/ })).toBeInTheDocument();
    expect(sent.find(({ body }) => body.includes('touch'))?.body).toBe('{"touch_incidents":true}');
  });

  it('says when only the library can be read', async () => {
    answers['GET /api/v1/experiments'] = { items: [SUMMARY], complete: false };
    open('/experiments?text=nothing');
    expect(await screen.findByText(/Postgres is away/)).toBeInTheDocument();
    expect(screen.getByText('No experiment fits')).toBeInTheDocument();
  });
});

describe('the schedules of an experiment', () => {
  const NOON = { type: 'cron', cron: '0 12 * * *', time_zone: 'UTC' };

  it('tell when and why they did not run', async () => {
    const left_out = [
      { at: '2026-02-03T12:00:00Z', reasons: ['redis is DOWN already (exited)', 'it touches 2 services'] },
      { at: '2026-02-02T12:00:00Z', reasons: ['redis is in incident 7'] },
    ];
    const schedule = { id: 's1', timing: NOON, enabled: true, created_by: 'alice', next_at: null, left_out };
    answers['GET /api/v1/experiments/redis-hangs/schedules'] = { items: [{ schedule, next_moments: [] }] };
    open('/experiments/redis-hangs');
    const list = await screen.findByRole('region', { name: 'By itself' });
    expect(await within(list).findByText(/Did not run at 2026-02-03/)).toHaveTextContent(
      'redis is DOWN already (exited); it touches 2 services',
    );
    expect(within(list).getByText(/Did not run at 2026-02-02/)).not.toBeVisible();
    await userEvent.click(within(list).getByText(/Did not run at 2026-02-03/));
    expect(within(list).getByText(/Did not run at 2026-02-02/)).toBeVisible();
  });
});

describe('a schedule that is added', () => {
  it('runs at random on the weekdays and in the zone that are chosen', async () => {
    open('/experiments/redis-hangs');
    const list = await screen.findByRole('region', { name: 'By itself' });
    await userEvent.click(within(list).getByRole('radio', { name: 'At random' }));
    const days = within(list).getByRole('group', { name: 'Once on each' });
    for (const day of ['Mon', 'Sat']) await userEvent.click(within(days).getByRole('checkbox', { name: day }));
    await userEvent.click(within(list).getByRole('textbox', { name: 'Time zone' }));
    await userEvent.click(await screen.findByRole('option', { name: 'Africa/Abidjan' }));
    await userEvent.click(within(list).getByRole('button', { name: 'Schedule' }));
    await waitFor(() => expect(writes()).toEqual(['POST /api/v1/experiments/redis-hangs/schedules']));
    expect(JSON.parse(sent.find(({ method }) => method === 'POST')?.body ?? '{}')).toEqual({
      timing: {
        type: 'random',
        seed: 1,
        begin: '09:00',
        end: '17:00',
        weekdays: [2, 3, 4, 5, 6],
        time_zone: 'Africa/Abidjan',
      },
    });
  });
});

describe('a run', () => {
  it('shows its faults with what is left of their leases, and can be halted', async () => {
    open('/runs/r1');
    const faults = await screen.findByRole('list', { name: 'Active faults' });
    expect(within(faults).getByText(/s left|lease over/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Halt' }));
    await waitFor(() => expect(writes()).toEqual(['POST /api/v1/runs/r1/halt']));
  });

  it('ends with a report, a picture and files', async () => {
    answers['GET /api/v1/runs/r1'] = ENDED;
    open('/runs/r1');
    const report = await screen.findByRole('region', { name: 'Report' });
    expect(within(report).getByText('not clean')).toBeInTheDocument();
    expect(within(report).getByText('a restart, not a repair')).toBeInTheDocument();
    expect(within(report).getByText('eth0: a rule is left')).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'billing answers: steady 1 of 2 times' })).toBeInTheDocument();
    expect(within(report).getByRole('note')).toHaveTextContent(
      'A restart masked packet loss on redis: restart by remediation',
    );
    const masked = 'freeze redis (redis): masked by a restart after 1 s: restart by remediation';
    expect(screen.getByRole('img', { name: masked })).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'redis as seen: paused' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'report.md' })).toHaveAttribute('href', '/api/v1/runs/r1/report.md');
    expect(screen.queryByRole('button', { name: 'Halt' })).not.toBeInTheDocument();
  });

  it('shows how long a fault was there that nothing masked', async () => {
    answers['GET /api/v1/runs/r1'] = ENDED;
    const harms = REPORT.harms.map((harm) => ({ ...harm, masked: null }));
    answers['GET /api/v1/runs/r1/report.json'] = { ...REPORT, harms, masked: false };
    open('/runs/r1');
    await screen.findByRole('region', { name: 'Report' });
    expect(screen.queryByRole('note')).not.toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'freeze redis (redis): undone after 2 s' })).toBeInTheDocument();
  });

  it('does not claim to be clean before it is known', async () => {
    answers['GET /api/v1/runs/r1'] = ENDED;
    const harms = REPORT.harms.map((harm) => ({ ...harm, result: null }));
    answers['GET /api/v1/runs/r1/report.json'] = { ...REPORT, harms, clean: null };
    open('/runs/r1');
    const report = await screen.findByRole('region', { name: 'Report' });
    expect(within(report).getAllByText('not known yet')).toHaveLength(2);
  });

  it('says which containers were hurt where it was told', async () => {
    const hurt = (seq: number, container: string): Entry =>
      entry(seq, '02', { kind: 'fault', value: 'active', ...FAULT, fault_id: container, container });
    answers['GET /api/v1/runs/r1'] = { ...RUN, entries: [hurt(1, '0123456789ab'), hurt(2, 'ba9876543210')] };
    open('/runs/r1');
    const faults = await screen.findByRole('list', { name: 'Active faults' });
    expect(within(faults).getByText(/freeze redis on redis, 0123456789ab/)).toBeInTheDocument();
    expect(screen.getByRole('img', { name: 'freeze redis (redis, ba9876543210): active' })).toBeInTheDocument();
  });

  it('knows when each of its leases ends', () => {
    const [fault] = faultsOf(RUN);
    expect(fault?.lease).toBe(Date.parse('2026-02-03T12:00:32Z'));
    expect([fault?.end, faultsOf(ENDED)[0]?.end]).toEqual([null, Date.parse('2026-02-03T12:00:04Z')]);
  });
});

describe('the editor', () => {
  it('copies what belongs to the library under another name', async () => {
    answers['POST /api/v1/experiments'] = { of_library: false, document: REDIS };
    open('/experiments/redis-hangs/edit');
    await userEvent.click(await screen.findByRole('button', { name: 'Add pause' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'May touch services that are in an incident' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(writes()).toEqual(['POST /api/v1/experiments']));
    const document = JSON.parse(sent.find(({ method }) => method === 'POST')?.body ?? '{}') as Experiment;
    expect(document.blast_radius.touch_incidents).toBe(true);
    expect([document.name, document.method.at(-1)]).toEqual(['redis-hangs-copy', { type: 'pause', seconds: 10 }]);
  });

  it('edits what is done afterwards', async () => {
    answers['POST /api/v1/experiments'] = { of_library: false, document: REDIS };
    open('/experiments/redis-hangs/edit');
    await userEvent.click(await screen.findByRole('button', { name: 'Add rollback' }));
    const rollback = screen.getByRole('group', { name: 'rollback 1' });
    await userEvent.selectOptions(within(rollback).getByLabelText('Do'), 'start');
    await userEvent.clear(within(rollback).getByLabelText('Name'));
    await userEvent.paste('redis again');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(writes()).toEqual(['POST /api/v1/experiments']));
    const document = JSON.parse(sent.find(({ method }) => method === 'POST')?.body ?? '{}') as Experiment;
    expect(document.rollbacks).toEqual([{ name: 'redis again', service: 'redis', verb: 'start' }]);
  });

  it('shows each probe its own tolerance after another was taken away', async () => {
    const probes = [200, 204].map((tolerance) => ({
      type: 'http' as const,
      name: `answers ${tolerance}`,
      url: 'http://billing/',
      tolerance,
    }));
    const document = { ...REDIS, hypothesis: { title: 'Billing answers', probes } };
    answers['GET /api/v1/experiments/redis-hangs'] = { of_library: false, document };
    open('/experiments/redis-hangs/edit');
    const first = await screen.findByRole('group', { name: 'probe 1' });
    await userEvent.click(within(first).getByRole('button', { name: 'Remove' }));
    expect(within(screen.getByRole('group', { name: 'probe 1' })).getByLabelText('Tolerated')).toHaveValue('204');
  });

  it('chooses which of several containers a fault hurts', async () => {
    answers['POST /api/v1/experiments'] = { of_library: false, document: REDIS };
    const two = service('redis', { containers: ['0123456789ab', 'ba9876543210'] });
    renderPanel(<App />, { store: liveStore(snapshot(1, [two])), address: '/experiments/redis-hangs/edit' });
    await userEvent.selectOptions(await screen.findByLabelText('Container'), 'All of them');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(writes()).toEqual(['POST /api/v1/experiments']));
    const document = JSON.parse(sent.find(({ method }) => method === 'POST')?.body ?? '{}') as Experiment;
    expect(document.method[0]).toMatchObject({ fault: 'pause', service: 'redis', container: 'all' });
  });

  it('names every bad place of a text with its line', async () => {
    answers['POST /api/v1/experiments/import?check=true'] = Response.json(
      {
        type: 'x',
        title: 'Unprocessable',
        status: 422,
        errors: [{ field: 'method[0].provider', reason: 'unknown provider', line: 12 }],
      },
      { status: 422 },
    );
    open('/experiments/new');
    await userEvent.click(await screen.findByRole('radio', { name: 'JSON' }));
    await userEvent.click(screen.getByLabelText(/Chaos Toolkit/));
    await userEvent.paste('{"title": "x"}');
    await userEvent.click(screen.getByRole('button', { name: 'Check' }));
    expect(await screen.findByText('line 12')).toBeInTheDocument();
    expect(screen.getByText('method[0].provider')).toBeInTheDocument();
  });
});

describe('words', () => {
  it('say what is asked and tolerated', () => {
    expect(asked({ type: 'http', name: 'x', url: 'http://billing/', tolerance: 200 })).toBe('GET http://billing/');
    expect(tolerated([200, 204])).toBe('one of 200, 204');
    expect(tolerated({ type: 'range', range: [0, 1] })).toBe('from 0 to 1');
    expect(tolerated({ type: 'regex', pattern: '^ok' })).toBe('must match ^ok');
    expect(tolerated(true)).toBe('must be true');
  });
});
