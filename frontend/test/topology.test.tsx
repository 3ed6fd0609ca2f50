import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { blastRadius, needsOf } from '../src/topology/graph';
import { layOut, NODE_HEIGHT } from '../src/topology/layout';
import TopologyPage from '../src/topology/TopologyPage';
import { service, snapshot } from './cast';
import { liveStore, renderPanel } from './render';

const cast = [
  service('redis'),
  service('postgres'),
  service('billing', { depends_on: ['redis', 'postgres'] }),
  service('shop', { depends_on: ['billing'] }),
  service('alone'),
];
const byName = new Map(cast.map((each) => [each.name, each]));

describe('the graph', () => {
  it('knows everything that suffers with a service, and how far away it is', () => {
    expect([...blastRadius('redis', byName)]).toEqual([
      ['billing', 1],
      ['shop', 2],
    ]);
    expect([...needsOf('shop', byName).keys()]).toEqual(['billing', 'redis', 'postgres']);
  });

  it('ends in a loop', () => {
    const loop = new Map([
      ['a', service('a', { depends_on: ['b'] })],
      ['b', service('b', { depends_on: ['a'] })],
    ]);
    expect([...blastRadius('a', loop).keys()]).toEqual(['b']);
  });
});

describe('the layout', () => {
  const graph = new Map(cast.map((each) => [each.name, each.depends_on]));
  const x = (name: string) => layOut(graph).get(name)?.x ?? Number.NaN;

  it('puts what is used to the right of what uses it, and what is alone behind', () => {
    expect(x('shop')).toBeLessThan(x('billing'));
    expect(x('billing')).toBeLessThan(x('redis'));
    expect(x('redis')).toBe(x('postgres'));
    expect(x('alone')).toBeGreaterThan(x('redis'));
  });

  it('places a hundred services, loops among them, without one upon another', () => {
    const names = Array.from({ length: 100 }, (_, index) => `node-${index}`);
    const crowded = new Map(
      names.map((name, index) => [name, [names[(index * 7) % 100] ?? '', names[index % 5] ?? '']]),
    );
    const places = [...layOut(crowded).values()];
    expect(places).toHaveLength(100);
    for (const [index, one] of places.entries()) {
      for (const other of places.slice(index + 1)) {
        expect(one.x !== other.x || Math.abs(one.y - other.y) >= NODE_HEIGHT).toBe(true);
      }
    }
  });

  it('does not depend on the order in which services arrive', () => {
    expect([...layOut(new Map([...graph].reverse()))].sort()).toEqual([...layOut(graph)].sort());
  });
});

describe('the topology page', () => {
  const open = (address = '/topology') =>
    renderPanel(<TopologyPage />, { store: liveStore(snapshot(1, cast)), address });
  const node = (name: string) => screen.getByTestId(`node-${name}`);
  const names = (list: string) =>
    within(screen.getByRole('list', { name: list }))
      .getAllByRole('listitem')
      .map((each) => each.textContent);

  it('says first where a failure would hurt most', () => {
    open();
    expect(names('Where a failure would hurt most')).toEqual([
      'postgres2 services',
      'redis2 services',
      'billing1 service',
    ]);
  });

  it('shows what a selected service would take along', async () => {
    open();
    await userEvent.click(screen.getByRole('button', { name: 'redis, UP' }));
    expect(names('Blast radius')).toEqual(['billingdirectly', 'shop2 steps']);
    expect(node('shop')).toHaveAttribute('data-role', 'suffers');
    expect(node('postgres')).toHaveAttribute('data-role', 'other');
    expect(screen.getByRole('link', { name: 'redis' })).toHaveAttribute('href', '/services/redis');
  });

  it('takes the selection from the address and follows the live state', () => {
    const { store } = open('/topology?service=billing');
    expect(names('Stands on')).toEqual(['redisdirectly', 'postgresdirectly']);
    act(() => {
      store.delta({
        revision: 2,
        server_time: '2026-02-03T12:00:05Z',
        services: [service('redis', { status: 'DOWN', state: 'exited' })],
      });
    });
    expect(node('redis')).toHaveAttribute('data-look', 'down');
    expect(node('redis')).toHaveAccessibleName('redis, DOWN');
  });
});
