import { describe, expect, it } from 'vitest';
import { ACTIONS_KEPT, applyDelta, fromSnapshot, insertAction, type View } from '../src/live/view';
import { action, service, snapshot } from './cast';

const NOW = '2026-02-03T12:00:05Z';

function applied(view: View, delta: Parameters<typeof applyDelta>[1]): View {
  const result = applyDelta(view, delta);
  if (result.kind !== 'applied') throw new Error(`expected an applied delta, got ${result.kind}`);
  return result.view;
}

describe('a snapshot', () => {
  it('replaces everything that was known', () => {
    const before = fromSnapshot(snapshot(3, [service('redis'), service('billing')]));
    const after = fromSnapshot(snapshot(9, [service('postgres')]), before);
    expect(after.revision).toBe(9);
    expect([...after.services.keys()]).toEqual(['postgres']);
  });

  it('keeps the objects of services that did not change, so that their cards are not drawn again', () => {
    const before = fromSnapshot(snapshot(3, [service('redis'), service('postgres')]));
    const after = fromSnapshot(snapshot(4, [service('redis'), service('postgres', { status: 'DOWN' })]), before);
    expect(after.services.get('redis')).toBe(before.services.get('redis'));
    expect(after.services.get('postgres')).not.toBe(before.services.get('postgres'));
  });
});

describe('a delta', () => {
  const view = fromSnapshot(snapshot(7, [service('redis'), service('postgres')]));

  it('changes only the services it names', () => {
    const next = applied(view, {
      revision: 8,
      server_time: NOW,
      services: [service('redis', { status: 'DOWN', state: 'exited' })],
    });
    expect(next.services.get('redis')?.status).toBe('DOWN');
    expect(next.services.get('postgres')).toBe(view.services.get('postgres'));
    expect(next.system).toBe(view.system);
  });

  it('takes removed services out', () => {
    const next = applied(view, { revision: 8, server_time: NOW, removed: ['redis'] });
    expect([...next.services.keys()]).toEqual(['postgres']);
  });

  it('that is already contained is stale', () => {
    expect(applyDelta(view, { revision: 7, server_time: NOW }).kind).toBe('stale');
  });

  it('that does not follow at once is a gap', () => {
    expect(applyDelta(view, { revision: 9, server_time: NOW }).kind).toBe('gap');
  });

  it('adds an action to its service and later replaces it by its outcome', () => {
    const begun = applied(view, {
      revision: 8,
      server_time: NOW,
      actions: [action('a', { outcome: 'running', message: '' })],
    });
    const ended = applied(begun, { revision: 9, server_time: NOW, actions: [action('a')] });
    expect(ended.actions.get('redis')).toEqual([action('a')]);
    expect(ended.services).toBe(view.services);
  });
});

describe('the actions of a service', () => {
  it('stay in the order in which they started, however they arrive', () => {
    const late = action('late', { started_at: '2026-02-03T12:00:09Z' });
    const early = action('early', { started_at: '2026-02-03T12:00:01Z' });
    expect(insertAction([late], early).map((each) => each.id)).toEqual(['early', 'late']);
  });

  it('lose the oldest beyond the limit', () => {
    const full = Array.from({ length: ACTIONS_KEPT }, (_, index) => action(String(index)));
    const next = insertAction(full, action('new', { started_at: '2026-02-03T13:00:00Z' }));
    expect(next).toHaveLength(ACTIONS_KEPT);
    expect(next.at(0)?.id).toBe('1');
    expect(next.at(-1)?.id).toBe('new');
  });
});
