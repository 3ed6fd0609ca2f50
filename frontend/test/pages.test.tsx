import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { labelsOf } from '../src/pages/ManagedServices';
import { action, service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const asked: string[] = [];
const ABOUT = { version: '0.1.0', engine: { kind: 'docker', version: '26.1', api_version: '1.45', host: 'lab-01' } };

beforeEach(() => {
  asked.length = 0;
  vi.spyOn(globalThis, 'fetch').mockImplementation((address) => {
    asked.push(address as string);
    return Promise.resolve(
      Response.json(address === '/api/v1/about' ? ABOUT : { items: [], next_cursor: null, on_call: [] }),
    );
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the audit page', () => {
  const actions = { redis: [action('a'), action('b', { verb: 'stop', message: 'Service stopped manually' })] };
  const open = (address: string) =>
    renderPanel(<App />, { store: liveStore(snapshot(1, [service('redis')], { actions })), address });

  it('searches message and actor, in what is live and in what is stored', async () => {
    open('/audit');
    await userEvent.type(await screen.findByLabelText('Text'), 'MANUALLY{Enter}');
    const rows = within(await screen.findByRole('table'))
      .getAllByRole('row')
      .slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([expect.stringContaining('Service stopped manually')]);
    expect(asked.some((address) => address.includes('text=MANUALLY'))).toBe(true);
  });

  it('exports what fits the filters, not only what is on screen', async () => {
    open('/audit?verb=stop&text=x+y');
    const link = await screen.findByRole('link', { name: 'Export as CSV' });
    expect(link).toHaveAttribute('href', '/api/v1/actions/export?verb=stop&text=x+y&format=csv');
    expect(link).toHaveAttribute('download');
    expect(screen.getByRole('link', { name: 'Export as JSON' })).toBeInTheDocument();
  });
});

describe('the settings page', () => {
  it('shows versions, and the host in the top bar', async () => {
    renderPanel(<App />, { store: liveStore(snapshot(1, [])), address: '/settings' });
    expect(await screen.findByText('docker 26.1')).toBeInTheDocument();
    expect(screen.getByText('API 1.45, on lab-01')).toBeInTheDocument();
    expect(within(screen.getByRole('banner')).getByText('lab-01')).toBeInTheDocument();
  });

  it('says what is managed and by which labels', async () => {
    const services = [service('shop/redis', { probe: 'redis://:6379', protected: true, depends_on: ['postgres'] })];
    renderPanel(<App />, { store: liveStore(snapshot(1, services)), address: '/settings' });
    expect(await screen.findByRole('link', { name: 'shop/redis' })).toBeInTheDocument();
    expect(screen.getByText('probe=redis://:6379')).toBeInTheDocument();
    expect(labelsOf(services[0] ?? service('x'))).toEqual([
      'service=redis',
      'group=data',
      'probe=redis://:6379',
      'recovery=manual',
      'protected=true',
      'depends_on=postgres',
    ]);
  });

  it('leads to Prometheus, and to Grafana only where it is there', async () => {
    const without = renderPanel(<App />, {
      store: liveStore(snapshot(1, [service('prometheus'), service('shop/grafana')])),
      address: '/settings',
    });
    const link = await screen.findByRole('link', { name: 'Prometheus' });
    expect(link).toHaveAttribute('href', 'http://localhost:9090/');
    expect(screen.queryByRole('link', { name: 'Grafana' })).not.toBeInTheDocument();
    without.unmount();
    renderPanel(<App />, { store: liveStore(snapshot(1, [service('grafana')])), address: '/settings' });
    expect(await screen.findByRole('link', { name: 'Grafana' })).toHaveAttribute('href', 'http://localhost:3000/');
  });

  it('gives the reason of each misconfigured service', async () => {
    const services = [service('redis', { misconfigured: 'incidentops.probe has no known scheme' })];
    renderPanel(<App />, { store: liveStore(snapshot(1, services)), address: '/settings' });
    expect(await screen.findByText('incidentops.probe has no known scheme')).toBeInTheDocument();
  });
});
