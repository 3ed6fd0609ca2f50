import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { ApiError, remediate, setRecovery } from '../src/api/client';
import type { Remediation, Service } from '../src/api/types';
import { planRemediation } from '../src/remediation/plan';
import { ServiceCard } from '../src/services/ServiceCard';
import { action, service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const NOW = '2026-02-03T12:00:05Z';
const down = (name: string, change: Partial<Service> = {}) =>
  service(name, { status: 'DOWN', state: 'exited', ...change });
const plan = (...services: Service[]) => planRemediation(new Map(services.map((each) => [each.name, each])));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the plan', () => {
  it('holds what is down and nothing else', () => {
    expect(plan(down('redis'), service('postgres'))).toEqual({ restarts: ['redis'], skips: [] });
  });

  it('restarts what others stand on first, also through a service that is up', () => {
    const billing = down('billing', { depends_on: ['postgres'], finished_at: '2026-02-03T11:00:00Z' });
    const postgres = service('postgres', { depends_on: ['redis'] });
    expect(plan(billing, postgres, down('redis', { finished_at: NOW })).restarts).toEqual(['redis', 'billing']);
  });

  it('takes the longest down first, then goes by name', () => {
    const late = down('a', { finished_at: NOW });
    const early = down('c', { finished_at: '2026-02-03T11:00:00Z' });
    expect(plan(late, early, down('b', { finished_at: NOW })).restarts).toEqual(['c', 'a', 'b']);
  });

  it('ends with a loop of dependencies, by name', () => {
    const loop = [down('b', { depends_on: ['a'] }), down('a', { depends_on: ['b'] })];
    expect(plan(...loop, down('z')).restarts).toEqual(['z', 'a', 'b']);
  });

  it('leaves protected services and unknown states alone and says why', () => {
    expect(plan(down('backend', { protected: true }), down('redis', { state: 'unknown' })).skips).toEqual([
      { service: 'backend', reason: 'it is protected' },
      { service: 'redis', reason: 'its state is unknown while the engine is away' },
    ]);
  });
});

describe('the button at the bottom of the overview', () => {
  const troubled = [down('redis'), down('backend', { protected: true }), service('postgres')];
  const press = () => userEvent.click(screen.getByRole('button', { name: 'AUTO-REMEDIATION' }));
  const item = (list: HTMLElement) => within(list).getAllByRole('listitem');

  it('shows first what would be restarted and what skipped, and does nothing when cancelled', async () => {
    const { sent } = renderPanel(<App />, { store: liveStore(snapshot(1, troubled)) });
    await press();
    const dialog = await screen.findByRole('dialog');
    expect(item(within(dialog).getByRole('list', { name: 'Would be restarted' }))[0]).toHaveTextContent('redis');
    expect(within(dialog).getByRole('list', { name: 'Skipped' })).toHaveTextContent('backendit is protected');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    expect(sent).toEqual([]);
  });

  it('says so when nothing is down', async () => {
    const { sent } = renderPanel(<App />, { store: liveStore(snapshot(1, [service('redis')])) });
    await press();
    expect(await screen.findByRole('dialog')).toHaveTextContent('Nothing is down: all 1 services are up.');
    expect(sent).toEqual([]);
  });

  it('follows the run and ends with the list of what was restarted', async () => {
    let finish: (answer: Remediation) => void = () => undefined;
    const { store, sent } = renderPanel(<App />, {
      store: liveStore(snapshot(1, troubled)),
      remediate: () => new Promise((resolve) => (finish = resolve)),
    });
    await press();
    await userEvent.click(await screen.findByRole('button', { name: 'Restart redis' }));
    expect(await screen.findByRole('dialog')).toHaveTextContent('0 of 1 answer again');
    act(() => {
      store.delta({ revision: 2, server_time: NOW, services: [service('redis')] });
    });
    expect(screen.getByRole('dialog')).toHaveTextContent('1 of 1 answer again');
    await act(async () => {
      finish({
        status: 'partial',
        services_remediated: ['redis'],
        services_skipped: ['backend'],
        services_failed: [{ service: 'billing', reason: 'port 80 is taken' }],
      });
      await Promise.resolve();
    });
    const answer = screen.getByTestId('remediation-answer');
    expect(within(answer).getByText('The following services were restarted successfully:')).toBeInTheDocument();
    expect(item(within(answer).getByRole('list', { name: 'Restarted' })).map((each) => each.textContent)).toEqual([
      'redis',
    ]);
    expect(within(answer).getByRole('list', { name: 'Failed' })).toHaveTextContent('billingport 80 is taken');
    expect(within(answer).getByRole('list', { name: 'Skipped' })).toHaveTextContent('backendit is protected');
    expect(within(answer).getByRole('button', { name: 'OK' })).toHaveFocus();
    expect(sent).toEqual(['remediate']);
  });

  it('lets a run go on by itself and shows its end', async () => {
    let finish: (answer: Remediation) => void = () => undefined;
    renderPanel(<App />, {
      store: liveStore(snapshot(1, troubled)),
      remediate: () => new Promise((resolve) => (finish = resolve)),
    });
    await press();
    await userEvent.click(await screen.findByRole('button', { name: 'Restart redis' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Leave it running' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByText('Restarting: 0 of 1 answer again')).toBeInTheDocument();
    await act(async () => {
      finish({ status: 'completed', services_remediated: ['redis'], services_skipped: [] });
      await Promise.resolve();
    });
    expect(await screen.findByRole('dialog')).toHaveTextContent('restarted successfully');
  });

  it('says why a run could not be asked for', async () => {
    const problem = { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: 'engine is away' };
    renderPanel(<App />, {
      store: liveStore(snapshot(1, troubled)),
      remediate: () => Promise.reject(new ApiError(problem)),
    });
    await press();
    await userEvent.click(await screen.findByRole('button', { name: 'Restart redis' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('engine is away');
  });

  it('is off while the connection is lost', () => {
    const store = liveStore(snapshot(1, troubled));
    store.lost('transport close');
    renderPanel(<App />, { store });
    expect(screen.getByRole('button', { name: 'AUTO-REMEDIATION' })).toHaveAttribute('aria-disabled', 'true');
  });
});

describe('the recovery switch', () => {
  const toggle = () => screen.getByRole('switch', { name: 'Automatic recovery of redis' });

  it('asks for the other mode and turns when the live stream says so', async () => {
    const { store, sent } = renderPanel(<ServiceCard name="redis" />, {
      store: liveStore(snapshot(1, [service('redis')])),
    });
    await userEvent.click(toggle());
    expect(sent).toEqual(['recovery auto redis']);
    expect(toggle()).toHaveAttribute('aria-checked', 'false');
    act(() => {
      store.delta({ revision: 2, server_time: NOW, services: [service('redis', { recovery_mode: 'auto' })] });
    });
    expect(toggle()).toHaveAttribute('aria-checked', 'true');
    expect(toggle()).toHaveTextContent('auto');
  });

  it('leaves its failure on the card', async () => {
    const problem = { type: 'about:blank', title: 'Not Found', status: 404 };
    renderPanel(<ServiceCard name="redis" />, {
      store: liveStore(snapshot(1, [service('redis')])),
      recover: () => Promise.reject(new ApiError(problem)),
    });
    await userEvent.click(toggle());
    expect(await screen.findByRole('alert')).toHaveTextContent('Recovery switch failed: Not Found');
  });
});

describe('a line of a remediation', () => {
  it('reads as the run explained it', () => {
    const message = 'Restarted by remediation c0ffee: exited 12 s ago, depends on nothing that is down';
    const line = action('a', { verb: 'remediate', message });
    renderPanel(<ServiceCard name="redis" />, {
      store: liveStore(snapshot(1, [service('redis')], { actions: { redis: [line] } })),
    });
    expect(screen.getByTestId('log-redis')).toHaveTextContent(message);
  });
});

describe('a write', () => {
  it.each([
    [() => remediate(), '/remediate', {}],
    [() => setRecovery('shop/redis', 'auto'), '/api/v1/services/shop/redis/recovery', { mode: 'auto' }],
  ])('names the panel as its client', async (write, path, body) => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(Response.json({})));
    await write();
    const [address, init] = fetched.mock.calls[0] ?? [];
    expect(address).toBe(path);
    expect(new Headers(init?.headers).get('Incidentops-Client')).toBe('panel');
    expect(JSON.parse(init?.body as string)).toEqual(body);
  });
});
