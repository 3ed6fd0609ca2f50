import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FaultChip } from '../src/faults/FaultChip';
import { ServiceCard } from '../src/services/ServiceCard';
import { fault, service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const NOW = '2026-02-03T12:00:05Z';
const KINDS = [
  {
    name: 'packet_loss',
    title: 'Packet loss',
    parameters: {
      properties: { percent: { type: 'number', title: 'Percent', exclusiveMinimum: 0, maximum: 100, default: 30 } },
    },
    mechanism: 'sidecar in the network',
    kernel_expiring: true,
    conflicts_with: ['packet_loss'],
  },
  {
    name: 'pause',
    title: 'Pause',
    parameters: { properties: {} },
    mechanism: 'engine pause',
    kernel_expiring: false,
    conflicts_with: ['pause'],
  },
];

/** A backend that answers each path with what is given for it, and notes what was sent. */
function backend(answers: Record<string, () => { status?: number; body: unknown }>): string[] {
  const sent: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init = {}) => {
    const path = input as string;
    const text = typeof init.body === 'string' ? init.body : '';
    sent.push(`${init.method ?? 'GET'} ${path} ${text}`);
    const { status = 200, body } = answers[path]?.() ?? { status: 404, body: {} };
    return Promise.resolve(
      new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }),
    );
  });
  return sent;
}

const preview = {
  preview: '30 % of the packets that reach redis are lost.',
  mechanism: 'nftables',
  kernel_expiring: true,
};

async function openDialog() {
  await userEvent.click(screen.getByRole('button', { name: 'More verbs of redis' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Faults of redis' }));
  return screen.findByRole('dialog', { name: 'Faults of redis' });
}

afterEach(() => vi.restoreAllMocks());

describe('a fault on a card', () => {
  it('is marked with its name and its countdown until it has ended', () => {
    const store = liveStore(snapshot(1, [service('redis')], { faults: [fault('a')] }));
    renderPanel(<ServiceCard name="redis" />, { store });
    expect(screen.getByTestId('fault-redis')).toHaveTextContent(/packet loss(30|2\d) s/);
    expect(screen.getByTestId('card-redis')).toHaveAttribute('data-fault');
    act(() => void store.delta({ revision: 2, server_time: NOW, faults: [fault('a', { state: 'undone' })] }));
    expect(screen.queryByTestId('fault-redis')).toBeNull();
    expect(screen.getByTestId('card-redis')).not.toHaveAttribute('data-fault');
  });

  it('that ends first is named, the others counted', () => {
    const later = fault('b', { kind: 'latency', ends_at: new Date(Date.now() + 90_000).toISOString() });
    const store = liveStore(snapshot(1, [service('redis')], { faults: [later, fault('a')] }));
    renderPanel(<ServiceCard name="redis" />, { store });
    expect(screen.getByTestId('fault-redis')).toHaveTextContent(/packet loss(30|2\d) s\+1/);
  });
});

describe('the chip of the top bar', () => {
  it('counts the faults and undoes each', async () => {
    const sent = backend({ '/api/v1/faults/a': () => ({ body: fault('a', { state: 'undone' }) }) });
    renderPanel(<FaultChip />, { store: liveStore(snapshot(1, [service('redis')], { faults: [fault('a')] })) });
    await userEvent.click(screen.getByTestId('active-faults'));
    await userEvent.click(await screen.findByRole('button', { name: 'Undo packet loss on redis' }));
    await waitFor(() => expect(sent).toEqual(['DELETE /api/v1/faults/a {}']));
  });

  it('stops all chaos', async () => {
    const sent = backend({ '/api/v1/chaos/stop': () => ({ body: {} }) });
    renderPanel(<FaultChip />, { store: liveStore(snapshot(1, [service('redis')], { faults: [fault('a')] })) });
    await userEvent.click(screen.getByTestId('active-faults'));
    await userEvent.click(await screen.findByRole('button', { name: /Emergency stop/ }));
    expect(sent[0]).toContain('POST /api/v1/chaos/stop');
  });

  it('says why chaos could not be stopped', async () => {
    backend({ '/api/v1/chaos/stop': () => ({ status: 503, body: { title: 'Away', detail: 'postgres is away' } }) });
    renderPanel(<FaultChip />, { store: liveStore(snapshot(1, [service('redis')], { faults: [fault('a')] })) });
    await userEvent.click(screen.getByTestId('active-faults'));
    await userEvent.click(await screen.findByRole('button', { name: /Emergency stop/ }));
    expect(await screen.findByRole('alert')).toHaveTextContent('postgres is away');
  });

  it('is not there without a fault', () => {
    renderPanel(<FaultChip />, { store: liveStore(snapshot(1, [service('redis')])) });
    expect(screen.queryByTestId('active-faults')).toBeNull();
  });
});

describe('the dialog of faults', () => {
  it('shows what would happen and injects it', async () => {
    const sent = backend({
      '/api/v1/faults/kinds': () => ({ body: KINDS }),
      '/api/v1/faults/preview': () => ({ body: preview }),
      '/api/v1/faults': () => ({ status: 201, body: fault('a') }),
    });
    renderPanel(<ServiceCard name="redis" />, { store: liveStore(snapshot(1, [service('redis')])) });
    const dialog = await openDialog();
    expect(await within(dialog).findByText(/packets that reach redis are lost\. By nftables/)).toBeVisible();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Inject' }));
    const order = '{"service":"redis","fault":"packet_loss","parameters":{"percent":30},"lease_seconds":30}';
    await waitFor(() => expect(sent).toContain(`POST /api/v1/faults ${order}`));
  });

  it('lets one choose among several containers', async () => {
    const sent = backend({
      '/api/v1/faults/kinds': () => ({ body: KINDS }),
      '/api/v1/faults/preview': () => ({ body: preview }),
      '/api/v1/faults': () => ({ status: 201, body: fault('a') }),
    });
    const two = service('redis', { containers: ['0123456789ab', 'ba9876543210'] });
    renderPanel(<ServiceCard name="redis" />, { store: liveStore(snapshot(1, [two])) });
    const dialog = await openDialog();
    await userEvent.selectOptions(await within(dialog).findByLabelText('Container'), 'ba9876543210');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Inject' }));
    await waitFor(() =>
      expect(sent.filter((line) => line.startsWith('POST /api/v1/faults {')).join()).toContain(
        '"container":"ba9876543210"',
      ),
    );
  });

  it('says why it would be refused, and releases the emergency stop', async () => {
    let stopped = true;
    const refusal = {
      type: 'urn:incidentops:problem:chaos-stopped',
      title: 'Conflict',
      status: 409,
      detail: 'engaged',
    };
    backend({
      '/api/v1/faults/kinds': () => ({ body: KINDS }),
      '/api/v1/faults/preview': () => (stopped ? { status: 409, body: refusal } : { body: preview }),
      '/api/v1/chaos/release': () => {
        stopped = false;
        return { body: {} };
      },
    });
    renderPanel(<ServiceCard name="redis" />, { store: liveStore(snapshot(1, [service('redis')])) });
    const dialog = await openDialog();
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('engaged');
    expect(within(dialog).getByRole('button', { name: 'Inject' })).toBeDisabled();
    await userEvent.click(within(dialog).getByRole('button', { name: /Release/ }));
    expect(await within(dialog).findByText(/packets that reach redis/)).toBeVisible();
  });

  it('is not for protected services', async () => {
    const guarded = service('redis', { protected: true });
    renderPanel(<ServiceCard name="redis" />, { store: liveStore(snapshot(1, [guarded])) });
    await userEvent.click(screen.getByRole('button', { name: 'More verbs of redis' }));
    expect(await screen.findByRole('menuitem', { name: 'Faults of redis' })).toBeDisabled();
  });
});
