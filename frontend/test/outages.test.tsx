import { screen, within } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { OutagePolicies } from '../src/api/outages';
import { App } from '../src/App';
import { Backend } from './backend';
import { AT, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const POLICIES: OutagePolicies = {
  policies: [
    {
      name: 'data pages at once',
      states: ['down', 'crash_loop'],
      services: [],
      groups: ['data'],
      severity: 'critical',
      for_seconds: 90,
      annotations: { runbook: 'https://example.org/data', hint: 'javascript:alert(1)' },
    },
    {
      name: 'the lab may break',
      states: ['down'],
      services: ['billing'],
      groups: [],
      severity: null,
      for_seconds: 2,
      annotations: {},
    },
  ],
  problems: [{ file: '10-stack.yml', line: 7, expected: 'expected a list', in_force: 'its last valid version' }],
};
const ALERT = {
  id: 'a1',
  source: 'incidentops',
  dedup_key: 'ServiceDown/redis',
  service: 'redis',
  name: 'ServiceDown',
  severity: 'high',
  summary: 'Service redis is down',
  labels: {},
  annotations: { state: 'exited', runbook: 'https://example.org/redis' },
  status: 'firing',
  started_at: AT,
  last_seen_at: AT,
  ended_at: null,
  count: 1,
  flapping: false,
  incident_id: 'i1',
};

const open = (address: string) => renderPanel(<App />, { store: liveStore(snapshot(1, [])), address });

afterEach(() => {
  vi.restoreAllMocks();
});

it('shows outage policies in their order, and the file that is not valid', async () => {
  new Backend({ '/api/v1/outage-policies': POLICIES });
  open('/alerts/outages');
  const table = await screen.findByRole('region', { name: 'Table of outage policies' });
  const data = within(table).getByRole('row', { name: /data pages at once/ });
  const lab = within(table).getByRole('row', { name: /the lab may break/ });
  expect(data).toHaveTextContent('group data: down, crash loop');
  expect(data).toHaveTextContent('1 min 30 s');
  expect(within(data).getByRole('link', { name: 'runbook' })).toHaveAttribute('href', 'https://example.org/data');
  expect(within(data).getAllByRole('link')).toHaveLength(1);
  expect(lab).toHaveTextContent('billing: downnone2 s');
  expect(screen.getByRole('alert')).toHaveTextContent('10-stack.yml, line 7 is not valid. expected a list.');
});

it('leads from an alert to its runbook, and from the alerts to the policies', async () => {
  new Backend({ '/api/v1/alerts': { items: [ALERT], next_cursor: null } });
  open('/alerts');
  expect(await screen.findByRole('link', { name: 'runbook' })).toHaveAttribute('href', 'https://example.org/redis');
  expect(screen.queryByText(/exited/)).not.toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Outage policies' })).toHaveAttribute('href', '/alerts/outages');
});
