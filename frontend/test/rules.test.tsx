import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { Backend } from './backend';
import { snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const PATH = '/api/v1/correlation/rules';
const STORED = { version: 3, source: 'rules: []\n', actor: 'alice', rules: [] };
const LAB = 'rules:\n  - name: lab\n';

let backend: Backend;

beforeEach(() => {
  backend = new Backend({ [PATH]: STORED });
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function rewrite(): Promise<void> {
  renderPanel(<App />, { store: liveStore(snapshot(1, [])), address: '/incidents/rules' });
  const text = await screen.findByRole('textbox', { name: 'Rules, as YAML' });
  expect(text).toHaveValue(STORED.source);
  await userEvent.clear(text);
  await userEvent.click(text);
  await userEvent.paste(LAB);
}

it('stores rules from the version they were read at', async () => {
  backend.on(`PUT ${PATH}`, (source) => Response.json({ ...STORED, version: 4, source, actor: 'bob' }));
  await rewrite();
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText(/Version 4, stored by bob/)).toBeInTheDocument();
  expect(backend.written).toEqual([{ call: `PUT ${PATH}?version=3`, body: LAB }]);
});

it('lists everything that is wrong with them', async () => {
  backend.refuse(`PUT ${PATH}`, 422, 'invalid-request', { problems: ['rules[0].name: a name', 'rules[0].x: unknown'] });
  await rewrite();
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('rules[0].x: unknown')).toBeInTheDocument();
});

it('tells which incidents would be others', async () => {
  const found = {
    alerts: 5,
    incidents_now: 3,
    incidents_then: 1,
    only_now: [{ service: 'redis', alerts: 2 }],
    only_then: [{ service: 'billing', alerts: 5 }],
  };
  backend.on('POST /api/v1/correlation/replay', () => Response.json(found));
  await rewrite();
  await userEvent.click(screen.getByRole('button', { name: 'Try on the alerts of the last week' }));
  expect(await screen.findByText('5 alerts: 3 incidents now, 1 with these rules')).toBeInTheDocument();
  expect(screen.getByText('billing, 5 alerts')).toBeInTheDocument();
});

it('shows a version that somebody else stored meanwhile, and lets the own text follow it', async () => {
  backend.refuse(`PUT ${PATH}`, 409, 'entry-changed');
  await rewrite();
  backend.answers[PATH] = { ...STORED, version: 4, source: 'rules: [] # theirs', actor: 'bob' };
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('bob stored version 4 meanwhile:')).toBeInTheDocument();
  expect(screen.getByText('rules: [] # theirs')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Mine shall follow it' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(backend.written.at(-1)).toEqual({ call: `PUT ${PATH}?version=4`, body: LAB });
});
