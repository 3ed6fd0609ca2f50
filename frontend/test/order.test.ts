import { describe, expect, it } from 'vitest';
import { arrange } from '../src/state/order';
import { arrangementSelector } from '../src/overview/useArrangement';
import { LiveStore } from '../src/live/store';
import { service, snapshot } from './cast';

const services = [
  service('redis'),
  service('shop/billing', { group: 'shop', project: 'shop', status: 'DOWN', state: 'exited' }),
  service('backend', { group: 'app' }),
  service('postgres', { status: 'DOWN', state: 'hung' }),
];

const names = (query = '', pin = false) =>
  arrange(services, query, pin).map((group) => [group.name, ...group.services]);

describe('the order of the cards', () => {
  it('is by group, our own first, then by name', () => {
    expect(names()).toEqual([
      ['app', 'backend'],
      ['data', 'postgres', 'redis'],
      ['shop', 'shop/billing'],
    ]);
  });

  it('pins what is down first only when asked to', () => {
    expect(names('', true)).toEqual([
      ['Needs attention', 'postgres', 'shop/billing'],
      ['app', 'backend'],
      ['data', 'redis'],
    ]);
  });

  it('is narrowed by every word typed, in name, group, image or state', () => {
    expect(names('shop')).toEqual([['shop', 'shop/billing']]);
    expect(names('data unhealthy')).toEqual([['data', 'postgres']]);
    expect(names('nothing like it')).toEqual([]);
  });

  it('stays the same object while a change moves no card', () => {
    const store = new LiveStore();
    const select = arrangementSelector('', false);
    store.snapshot(snapshot(1, services));
    const before = select(store.get());
    store.delta({
      revision: 2,
      server_time: '2026-02-03T12:00:00Z',
      services: [service('redis', { status: 'DOWN', state: 'exited' })],
    });
    expect(select(store.get())).toBe(before);
    store.delta({ revision: 3, server_time: '2026-02-03T12:00:01Z', services: [service('rabbitmq')] });
    expect(select(store.get())).not.toBe(before);
  });
});
