import { describe, expect, it } from 'vitest';
import type { ServiceStats } from '../src/api/types';
import { marksOf, rowsOf } from '../src/charts/marks';
import { CHARTS, columnsOf } from '../src/charts/series';
import { replicaOf } from '../src/inspect/replica';
import { action } from './cast';

const sample = (at: number, stats: Partial<ServiceStats>) => ({ at, stats: stats as ServiceStats });
const block = CHARTS.find((chart) => chart.title === 'Block I/O')?.series ?? [];
const cpu = CHARTS[0]?.series ?? [];

describe('the columns of a chart', () => {
  it('hold seconds and one value per series', () => {
    const samples = [sample(1_000, { cpu_percent: 3 }), sample(2_000, { cpu_percent: 4 })];
    expect(columnsOf(samples, cpu)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('show a hole as a hole', () => {
    const samples = [sample(1_000, { cpu_percent: 3 }), sample(60_000, { cpu_percent: 4 })];
    expect(columnsOf(samples, cpu)[1]).toEqual([3, null, 4]);
  });

  it('turn counters into rates, and a counter that began anew into a hole', () => {
    const bytes = (read: number) => ({ block_read_bytes: read, block_write_bytes: 0 });
    const samples = [sample(0, bytes(0)), sample(2_000, bytes(4_096)), sample(3_000, bytes(10))];
    expect(columnsOf(samples, block)[1]).toEqual([null, 2_048, null]);
  });
});

describe('the marks of a chart', () => {
  it('are the actions that changed something', () => {
    const done = [action('a', { verb: 'stop' }), action('b'), action('c', { verb: 'stop', outcome: 'refused' })];
    expect(marksOf(done).map((mark) => mark.text)).toEqual(['stop by alice']);
  });

  it('never lie upon each other', () => {
    const labels = [
      { from: 0, to: 50 },
      { from: 40, to: 90 },
      { from: 45, to: 95 },
      { from: 60, to: 100 },
    ];
    expect(rowsOf(labels)).toEqual([0, 1, 2, 0]);
  });
});

describe('a replica', () => {
  it('reads the engine’s description, however little it tells', () => {
    const details = {
      State: { StartedAt: '0001-01-01T00:00:00Z', ExitCode: 137 },
      NetworkSettings: { Networks: { a: { IPAddress: '172.18.0.4' }, b: { IPAddress: '' } } },
      RestartCount: 2,
    };
    const container = { id: 'c0ffee', name: 'redis-1', status: 'exited' };
    expect(replicaOf({ ...container, details })).toEqual({
      status: 'exited (137)',
      health: '',
      started: '',
      restarts: '2',
      addresses: '172.18.0.4',
    });
    expect(replicaOf({ ...container, details: null }).addresses).toBe('');
  });
});
