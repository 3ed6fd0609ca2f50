import { Button, Skeleton } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { Link, Navigate } from 'react-router';
import type { Draft, EntryPath } from '../../api/oncall';
import { FieldErrors, TextField } from '../../forms/fields';
import { LeaveGuard } from '../../forms/LeaveGuard';
import { Problems } from '../../forms/Problems';
import { problemsOf } from '../../forms/problems';
import { Notice } from '../../frame/Notice';
import { Ago } from '../../time/Ago';
import { Problem } from '../../frame/Problem';
import { Frame } from '../Frame';
import { ConflictNote } from './ConflictNote';
import { RemoveButton } from './RemoveButton';
import type { EntryEditor } from './useEntryEditor';
import forms from '../../forms/Form.module.css';
import classes from './Editing.module.css';

interface EntryFormProps<P extends EntryPath> {
  /** Of one entry: "user". */
  readonly noun: string;
  /** Where its list is. */
  readonly back: string;
  readonly editor: EntryEditor<P>;
  readonly children: ReactNode;
}

/** The form around one entry: its name, what is wrong, conflicts, saving, removing and leaving. */
export function EntryForm<P extends EntryPath>({ noun, back, editor, children }: EntryFormProps<P>) {
  const { draft, kept, error } = editor;
  const errors = useMemo(() => (error === null ? [] : problemsOf(error)), [error]);
  const title = kept === undefined ? `New ${noun}` : `${capital(noun)} ${kept.name}`;
  if (editor.done) return <Navigate to={back} />;
  return (
    <Frame title={title}>
      <Problem text={editor.problem} />
      {editor.loading && <Skeleton height={320} radius={6} />}
      {editor.missing && <Missing noun={noun} back={back} />}
      {!editor.loading && !editor.missing && (
        <FieldErrors value={errors}>
          <form
            className={forms.form}
            aria-label={title}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              editor.save();
            }}
          >
            {editor.conflict !== null && <ConflictNote conflict={editor.conflict} />}
            {kept === undefined && (
              <section className={classes.panel}>
                <TextField
                  path="name"
                  label="Name"
                  description="what others name it by: lower-case letters, digits, dots, dashes"
                  required
                  value={draft.name}
                  onSet={(name) => editor.set({ name } as Partial<Draft<P>>)}
                />
              </section>
            )}
            {children}
            <Problems error={error} />
            <Foot noun={noun} back={back} editor={editor} />
          </form>
        </FieldErrors>
      )}
      <LeaveGuard unsaved={editor.unsaved} />
    </Frame>
  );
}

function Foot<P extends EntryPath>({ noun, back, editor }: Omit<EntryFormProps<P>, 'children'>) {
  const { kept, unsaved, busy } = editor;
  return (
    <div className={classes.foot}>
      <Button size="xs" type="submit" loading={busy} disabled={kept !== undefined && !unsaved}>
        Save
      </Button>
      <Button size="xs" variant="default" component={Link} to={back}>
        {unsaved ? 'Cancel' : 'Back'}
      </Button>
      {kept !== undefined && (
        <>
          <RemoveButton what={`the ${noun} ${kept.name}`} busy={busy} onRemove={editor.remove} />
          <span className={forms.hint}>
            last changed by {kept.changed_by} <Ago at={kept.changed_at} />
          </span>
        </>
      )}
      {unsaved && <span className={classes.unsaved}>not saved yet</span>}
    </div>
  );
}

function Missing({ noun, back }: { noun: string; back: string }) {
  return (
    <Notice look="unknown" title={`There is no such ${noun}`}>
      <p>
        It may have been removed. <Link to={back}>Those there are</Link>
      </p>
    </Notice>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
