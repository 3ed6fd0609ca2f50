import { draftOf, removeEntry, replaceEntry, type Silence, type Window } from '../api/oncall';
import { wallClock } from '../time/zones';

/** Lets a window end now. Only one that does not come again can: what repeats is changed or removed. */
export function endWindow(window: Window): Promise<unknown> {
  const end = wallClock(new Date(), window.zone);
  if (end <= window.start.slice(0, 16)) return removeEntry('maintenance-windows', window.name);
  return replaceEntry('maintenance-windows', { ...draftOf<'maintenance-windows'>(window), end }, window.revision);
}

/** Lets a silence end now. */
export function endSilence(silence: Silence): Promise<unknown> {
  const end = new Date().toISOString();
  return replaceEntry('silences', { ...draftOf<'silences'>(silence), end }, silence.revision);
}
