import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  addEntry,
  draftOf,
  removeEntry,
  replaceEntry,
  type Draft,
  type EntryAt,
  type EntryPath,
} from '../../api/oncall';
import { useEntries } from '../useEntries';
import { changedFields, rebased } from './rebase';

/** A change that was begun: from which state of the entry (null: there was none), and what it is now. */
interface Edit<P extends EntryPath> {
  readonly base: EntryAt<P> | null;
  readonly draft: Draft<P>;
}

/** Somebody else saved or removed the entry while it was being changed here. */
export interface Conflict {
  /** Null: it is gone. */
  readonly by: string | null;
  readonly theirs: readonly string[];
  readonly mine: readonly string[];
  /** Puts the changes made here on top of theirs; of an entry that is gone, makes a new one. */
  readonly keepMine: () => void;
  readonly takeTheirs: () => void;
}

export interface EntryEditor<P extends EntryPath> {
  readonly loading: boolean;
  readonly problem: string | null;
  /** There is no such entry, and nothing was begun here. */
  readonly missing: boolean;
  /** The entry as it is kept; undefined of a new one. */
  readonly kept: EntryAt<P> | undefined;
  readonly draft: Draft<P>;
  readonly set: (change: Partial<Draft<P>>) => void;
  readonly unsaved: boolean;
  readonly conflict: Conflict | null;
  readonly save: () => void;
  readonly remove: () => void;
  readonly busy: boolean;
  /** Why it was not saved or removed. */
  readonly error: Error | null;
  readonly done: boolean;
}

/** Changes one entry of the directory, or makes one; `name` is null for a new one. */
export function useEntryEditor<P extends EntryPath>(
  path: P,
  name: string | null,
  blank: () => Draft<P>,
): EntryEditor<P> {
  const [empty] = useState(blank);
  const entries = useEntries(path);
  const [edit, setEdit] = useState<Edit<P> | null>(null);
  const queries = useQueryClient();
  const kept = entries.items.find((entry) => entry.name === name);
  const base = edit === null ? (kept ?? null) : edit.base;
  const before = base === null ? empty : draftOf<P>(base);
  const draft = edit?.draft ?? before;
  const settled = () => queries.invalidateQueries({ queryKey: ['oncall'] });
  const save = useMutation({
    mutationFn: () => (base === null ? addEntry(path, draft) : replaceEntry(path, draft, base.revision)),
    onSuccess: () => setEdit(null),
    onSettled: settled,
  });
  const remove = useMutation({
    mutationFn: (seen: EntryAt<P>) => removeEntry(path, seen),
    onSuccess: () => setEdit(null),
    onSettled: settled,
  });
  const conflict = conflictOf(edit, kept, entries.loading, (next) => {
    save.reset();
    setEdit(next);
  });
  return {
    loading: entries.loading,
    problem: entries.problem,
    missing: name !== null && kept === undefined && edit === null && !entries.loading,
    kept,
    draft,
    set: (change) => setEdit({ base, draft: { ...draft, ...change } }),
    unsaved: edit !== null && changedFields(before, draft).length > 0,
    conflict,
    save: () => {
      remove.reset();
      save.mutate();
    },
    remove: () => {
      save.reset();
      if (base !== null) remove.mutate(base);
    },
    busy: save.isPending || remove.isPending,
    error: conflict === null ? (remove.error ?? save.error) : null,
    done: save.isSuccess || remove.isSuccess,
  };
}

function conflictOf<P extends EntryPath>(
  edit: Edit<P> | null,
  kept: EntryAt<P> | undefined,
  loading: boolean,
  setEdit: (edit: Edit<P> | null) => void,
): Conflict | null {
  if (edit?.base == null || loading || kept?.revision === edit.base.revision) return null;
  const before = draftOf<P>(edit.base);
  const takeTheirs = () => setEdit(null);
  const mine = changedFields(before, edit.draft);
  if (kept === undefined) {
    return { by: null, theirs: [], mine, takeTheirs, keepMine: () => setEdit({ base: null, draft: edit.draft }) };
  }
  const now = draftOf<P>(kept);
  return {
    by: kept.changed_by,
    theirs: changedFields(before, now),
    mine,
    takeTheirs,
    keepMine: () => setEdit({ base: kept, draft: rebased(before, edit.draft, now) }),
  };
}
