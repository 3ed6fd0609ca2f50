import type { ComponentType } from 'react';
import { useParams } from 'react-router';
import type { Draft, EntryAt, EntryPath } from '../../api/oncall';
import { EntryForm } from './EntryForm';
import { useEntryEditor } from './useEntryEditor';

export interface FieldsProps<P extends EntryPath> {
  readonly draft: Draft<P>;
  readonly set: (change: Partial<Draft<P>>) => void;
  /** The entry as it is kept; undefined of a new one. */
  readonly kept: EntryAt<P> | undefined;
}

interface Kind<P extends EntryPath> {
  /** Where it is over HTTP. */
  readonly path: P;
  /** Of one entry: "user". */
  readonly noun: string;
  /** Where its list is. */
  readonly back: string;
  readonly blank: () => Draft<P>;
  /** What is particular to it. */
  readonly Fields: ComponentType<FieldsProps<P>>;
}

/** The page that changes an entry of one kind, by the name in its address, or makes one where there is none. */
export function entryPage<P extends EntryPath>({ path, noun, back, blank, Fields }: Kind<P>): ComponentType {
  return function EntryPage() {
    const { name = null } = useParams();
    const editor = useEntryEditor(path, name, blank);
    return (
      <EntryForm noun={noun} back={back} editor={editor}>
        <Fields draft={editor.draft} set={editor.set} kept={editor.kept} />
      </EntryForm>
    );
  };
}
