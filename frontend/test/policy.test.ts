import { describe, expect, it } from 'vitest';
import { dependentsOf, needsConfirmation, objection } from '../src/actions/policy';
import { findCommands, rank } from '../src/frame/commands';
import { PLACES } from '../src/frame/places';
import { service } from './cast';

describe('a verb', () => {
  it('is blocked while the connection is lost', () => {
    expect(objection('ping', service('redis'), 'lost')).toBe('No connection to the backend');
  });

  it('is blocked while another one runs, which is named', () => {
    expect(objection('stop', service('redis', { busy: 'restart' }), 'live')).toBe('Restart is running');
  });

  it('that would stop a protected service is blocked, a restart is not', () => {
    const backend = service('backend', { protected: true });
    expect(objection('stop', backend, 'live')).toContain('Protected');
    expect(objection('kill', backend, 'live')).toContain('Protected');
    expect(objection('restart', backend, 'live')).toBeNull();
  });

  it('fits the state', () => {
    const exited = service('redis', { status: 'DOWN', state: 'exited' });
    expect(objection('start', exited, 'live')).toBeNull();
    expect(objection('stop', exited, 'live')).toBe('It does not run');
    expect(objection('start', service('redis'), 'live')).toBe('It already runs');
    expect(objection('start', service('redis', { state: 'paused' }), 'live')).toContain('unpause');
    expect(objection('stop', service('redis', { state: 'crash_loop' }), 'live')).toBeNull();
  });

  it('other than ping waits for an engine that is away', () => {
    const unknown = service('redis', { state: 'unknown' });
    expect(objection('restart', unknown, 'live')).toBe('The engine is not reachable');
    expect(objection('ping', unknown, 'live')).toBeNull();
  });

  it('asks first when others depend on the service, and a kill always', () => {
    const all = [service('redis'), service('billing', { depends_on: ['redis'] }), service('postgres')];
    expect(dependentsOf('redis', all).map((each) => each.name)).toEqual(['billing']);
    expect(needsConfirmation('stop', dependentsOf('redis', all))).toBe(true);
    expect(needsConfirmation('stop', dependentsOf('postgres', all))).toBe(false);
    expect(needsConfirmation('restart', dependentsOf('redis', all))).toBe(false);
    expect(needsConfirmation('kill', [])).toBe(true);
  });
});

describe('the palette', () => {
  const world = { services: [service('redis'), service('shop/billing')], link: 'live', nextTheme: 'dark' } as const;
  const labels = (query: string) => findCommands(query, world).map((command) => command.label);

  it('shows services and places before anything is typed', () => {
    expect(labels('')).toEqual([
      'redis',
      'shop/billing',
      ...PLACES.map((place) => `Go to ${place.word}`),
      'Auto-remediation',
      'Switch to dark theme',
    ]);
  });

  it('finds a verb by the beginnings of its words in any order', () => {
    expect(labels('bil sto')).toEqual(['Stop shop/billing']);
  });

  it('puts what cannot be done now last and says why', () => {
    const last = findCommands('redis', world).at(-1);
    expect(last).toMatchObject({ label: 'Unpause redis', hint: 'It is not paused', blocked: true });
  });

  it('ranks a word at its beginning before one inside', () => {
    expect(rank('Stop redis', 'red')).toBe(0);
    expect(rank('Stop redis', 'edi')).toBe(1);
    expect(rank('Stop redis', 'x')).toBeNull();
  });
});
