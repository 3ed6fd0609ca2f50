import { describe, expect, it } from 'vitest';
import { briefly, bytes, duration, percent } from '../src/time/format';
import { sparkPath } from '../src/services/Sparkline';

describe('figures', () => {
  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3_600 * 5, '5 h'],
    [86_400 * 12, '12 d'],
    [-4, '0 s'],
  ])('a time of %d seconds reads %s', (seconds, text) => expect(briefly(seconds)).toBe(text));

  it.each([
    [12.4, '12 ms'],
    [1_400, '1.4 s'],
    [5_000, '5 s'],
    [600_000, '10 min'],
    [125_000, '2 min 5 s'],
  ])('a duration of %d ms reads %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [512, '512 B'],
    [1536, '1.5 KiB'],
    [153 * 1024 ** 2, '153 MiB'],
    [23.4 * 1024 ** 3, '23.4 GiB'],
  ])('%d bytes read %s', (count, text) => expect(bytes(count)).toBe(text));

  it('percentages keep one digit while they are small', () => {
    expect([percent(0.42), percent(37.4)]).toEqual(['0.4 %', '37 %']);
  });
});

describe('a sparkline', () => {
  const sample = (at: number, cpu: number) => ({ at, stats: { cpu_percent: cpu } }) as never;
  const path = (...samples: never[]) => sparkPath(samples, (each) => each.stats.cpu_percent, 1);

  it('ends at the right edge and is empty without samples', () => {
    expect(path(sample(0, 1), sample(1_000, 2))).toMatch(/^M98\.33 .*L100\.00 /);
    expect(path()).toBe('');
  });

  it('shows a hole as a hole', () => {
    expect(path(sample(0, 1), sample(1_000, 1), sample(20_000, 1)).match(/M/g)).toHaveLength(2);
  });
});
