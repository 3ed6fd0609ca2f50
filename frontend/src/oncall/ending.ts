import { draftOf, replaceEntry, type Silence } from '../api/oncall';

/** Lets a silence end now. */
export function endSilence(silence: Silence): Promise<unknown> {
  const end = new Date().toISOString();
  return replaceEntry('silences', { ...draftOf<'silences'>(silence), end }, silence.revision);
}
