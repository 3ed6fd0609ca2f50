import { describe, expect, it } from 'vitest';
import type { Service, ServiceState, Verb } from '../src/api/types';
import { needsAttention, read, SEVERITY, type Look } from '../src/state/language';
import { worstOf } from '../src/state/worst';
import { service } from './cast';

const STATES: Record<ServiceState, [Look, string]> = {
  running: ['up', 'UP'],
  starting: ['busy', 'STARTING'],
  degraded: ['degraded', 'DEGRADED'],
  unhealthy: ['unhealthy', 'UNHEALTHY'],
  hung: ['unhealthy', 'UNHEALTHY'],
  exited: ['down', 'DOWN'],
  dead: ['down', 'DOWN'],
  created: ['down', 'DOWN'],
  crash_loop: ['looping', 'LOOPING'],
  paused: ['paused', 'PAUSED'],
  unknown: ['unknown', 'UNKNOWN'],
};

const BUSY: Record<Exclude<Verb, 'ping'>, string> = {
  start: 'STARTING',
  stop: 'STOPPING',
  restart: 'RESTARTING',
  kill: 'KILLING',
  pause: 'PAUSING',
  unpause: 'RESUMING',
};

describe('the language of states', () => {
  it.each(Object.entries(STATES))('says a service that is %s', (state, [look, word]) => {
    expect(read(service('redis', { state: state as ServiceState }))).toMatchObject({ look, word });
  });

  it.each(Object.entries(BUSY))('says that %s runs, whatever the state', (busy, word) => {
    expect(read(service('redis', { state: 'exited', busy: busy as Verb }))).toMatchObject({ look: 'busy', word });
  });

  it('does not turn the LED for a ping', () => {
    expect(read(service('redis', { busy: 'ping' })).look).toBe('up');
  });

  it('gives the reason of a misconfigured service', () => {
    const reading = read(service('redis', { misconfigured: 'no such probe' }));
    expect(reading).toEqual({ look: 'misconfigured', word: 'MISCONFIGURED', detail: 'no such probe' });
  });

  it('never reads a state it does not know as healthy', () => {
    expect(read(service('redis', { state: 'evaporated' as ServiceState })).look).toBe('unknown');
  });

  it('tells a crash from a stop on purpose', () => {
    expect(read(service('redis', { state: 'exited', exit_code: 137 })).detail).toBe('exit code 137');
    expect(read(service('redis', { state: 'exited', exit_code: 0, wish: 'stopped' })).detail).toBe(
      'stopped on purpose',
    );
  });

  it('ranks every look', () => {
    const looks = new Set<Look>([...Object.values(STATES).map(([look]) => look), 'misconfigured']);
    expect(new Set(SEVERITY)).toEqual(looks);
    expect(SEVERITY.filter((look) => !needsAttention(look))).toEqual(['busy', 'up']);
  });
});

describe('the worst state', () => {
  const down: Partial<Service> = { status: 'DOWN', state: 'exited' };

  it('counts what is down', () => {
    const all = [service('redis', down), service('postgres', down), service('billing')];
    expect(worstOf(all)).toEqual({ look: 'down', text: '2 down' });
  });

  it('takes the colour of the worst that is down', () => {
    const all = [
      service('redis', { status: 'DOWN', state: 'paused' }),
      service('billing', { status: 'DOWN', state: 'hung' }),
    ];
    expect(worstOf(all)).toEqual({ look: 'unhealthy', text: '2 down' });
  });

  it('calls what an action brings down or up changing, not down', () => {
    const all = [service('redis', { ...down, busy: 'start' }), service('billing')];
    expect(worstOf(all)).toEqual({ look: 'busy', text: '1 changing' });
  });

  it('does not call unknown services up', () => {
    const all = [service('redis', { state: 'unknown' }), service('postgres', { state: 'unknown', status: 'DOWN' })];
    expect(worstOf(all)).toEqual({ look: 'unknown', text: '2 unknown' });
  });

  it('says that all is well only when it is', () => {
    expect(worstOf([service('redis'), service('billing')])).toEqual({ look: 'up', text: 'All 2 up' });
    expect(worstOf([service('redis'), service('billing', { state: 'degraded' })]).text).toBe('1 degraded');
    expect(worstOf([]).text).toBe('No services');
  });
});
