import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { IncidentDetail } from '../api/incidents';
import { clockTime, exactTime } from '../time/format';
import { Panel } from '../frame/Panel';
import type { Steps } from './useSteps';
import classes from './Incidents.module.css';

/** The story of an incident, oldest first, and where notes are added to it. */
export function IncidentTimeline({ incident, steps }: { incident: IncidentDetail; steps: Steps }) {
  const [note, setNote] = useState('');
  const add = (): void => {
    if (note.trim() === '') return;
    steps.edit(incident.id, { notes: note.trim() }, () => setNote(''));
  };
  return (
    <Panel title="Timeline">
      <ol className={classes.list}>
        {incident.timeline.map((entry, at) => (
          <li key={`${entry.at} ${at}`} className={classes.entry} data-kind={entry.kind}>
            <time dateTime={entry.at} title={exactTime(entry.at)}>
              {clockTime(entry.at)}
            </time>
            <span>
              {entry.text} <span className={classes.who}>{entry.actor}</span>
            </span>
          </li>
        ))}
      </ol>
      <div className={classes.note}>
        <Textarea
          size="xs"
          label="Note"
          placeholder="What was found, what was tried"
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" w="max-content" disabled={note.trim() === ''} onClick={add}>
          Add note
        </Button>
      </div>
    </Panel>
  );
}
