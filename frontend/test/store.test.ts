import { describe, expect, it, vi } from 'vitest';
import { LiveStore } from '../src/live/store';
import { appendStats, KEPT_MS } from '../src/live/stats';
import { service, snapshot } from './cast';

const stats = (at: string) => ({
  at,
  services: {
    redis: {
      cpu_percent: 1,
      memory_bytes: 2,
      memory_limit_bytes: null,
      net_rx_bytes: 0,
      net_tx_bytes: 0,
      net_rx_rate: 0,
      net_tx_rate: 0,
      block_read_bytes: 0,
      block_write_bytes: 0,
    },
  },
});

describe('the live store', () => {
  it('is connecting until the first snapshot, also when attempts fail', () => {
    const store = new LiveStore();
    store.lost('refused');
    expect(store.get()).toMatchObject({ link: 'connecting', reason: 'refused' });
    store.snapshot(snapshot(1, []));
    expect(store.get()).toMatchObject({ link: 'live', reason: null });
  });

  it('keeps the last view when the connection is lost', () => {
    const store = new LiveStore();
    store.snapshot(snapshot(1, [service('redis')]));
    store.lost('transport close');
    expect(store.get().link).toBe('lost');
    expect(store.get().view.services.size).toBe(1);
  });

  it('reports a gap and leaves the view alone', () => {
    const store = new LiveStore();
    store.snapshot(snapshot(1, [service('redis')]));
    const before = store.get().view;
    expect(store.delta({ revision: 3, server_time: '2026-02-03T12:00:00Z', removed: ['redis'] })).toBe(false);
    expect(store.get().view).toBe(before);
  });

  it('knows how far the clock of the server is away', () => {
    const store = new LiveStore();
    store.snapshot(snapshot(1, [], { server_time: '2026-02-03T12:00:10Z' }), Date.parse('2026-02-03T12:00:00Z'));
    expect(store.get().clockOffset).toBe(10_000);
  });

  it('tells its listeners until they leave', () => {
    const store = new LiveStore();
    const listener = vi.fn();
    const leave = store.subscribe(listener);
    store.snapshot(snapshot(1, []));
    leave();
    store.lost('gone');
    expect(listener).toHaveBeenCalledTimes(1);
  });
});

describe('the stats of a service', () => {
  it('keep a quarter of an hour and drop what is older', () => {
    const first = appendStats(new Map(), stats('2026-02-03T12:00:00Z'));
    const second = appendStats(first, stats(new Date(Date.parse('2026-02-03T12:00:00Z') + KEPT_MS).toISOString()));
    expect(first.get('redis')).toHaveLength(1);
    expect(second.get('redis')).toHaveLength(1);
    expect(second.get('redis')?.[0]?.at).toBe(Date.parse('2026-02-03T12:15:00Z'));
  });

  it('take one sample of an instant only once', () => {
    const first = appendStats(new Map(), stats('2026-02-03T12:00:00Z'));
    expect(appendStats(first, stats('2026-02-03T12:00:00Z')).get('redis')).toHaveLength(1);
  });
});
