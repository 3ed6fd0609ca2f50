import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Conflict } from './useEntryEditor';
import classes from './Editing.module.css';

const words = (fields: readonly string[]): string =>
  fields.map((field) => field.replaceAll('_', ' ')).join(', ') || 'nothing';

/** Says that somebody else was faster, and offers the ways on. */
export function ConflictNote({ conflict }: { conflict: Conflict }) {
  const { by, mine, theirs, keepMine, takeTheirs } = conflict;
  const both = mine.filter((field) => theirs.includes(field));
  return (
    <div className={classes.conflict} role="alert">
      <p>
        <IconAlertTriangle size={16} aria-hidden="true" />
        {by === null
          ? 'It was removed while you were changing it.'
          : `${by} saved it while you were changing it: ${words(theirs)}. You changed ${words(mine)}.`}
        {both.length > 0 && ` Both changed ${words(both)}: yours would stand.`}
      </p>
      <div className={classes.ways}>
        <Button size="xs" onClick={keepMine}>
          {by === null ? 'Make it anew' : 'Put my changes on top of theirs'}
        </Button>
        <Button size="xs" variant="default" onClick={takeTheirs}>
          Drop my changes
        </Button>
      </div>
    </div>
  );
}
