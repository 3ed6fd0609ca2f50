import { Select, TextInput } from '@mantine/core';
import { Link } from 'react-router';
import { servicePath } from '../api/client';
import { SEVERITIES, type IncidentDetail, type Severity } from '../api/incidents';
import { Ago } from '../time/Ago';
import { exactTime } from '../time/format';
import { SeverityChip, StatusChip } from './Chip';
import { MergeForm } from './MergeForm';
import { Panel } from '../frame/Panel';
import type { Steps } from './useSteps';
import { SEVERITY_WORDS, span } from './words';
import classes from './Incidents.module.css';

/** What an incident is, and what can be changed of it. */
export function IncidentFacts({ incident, steps }: { incident: IncidentDetail; steps: Steps }) {
  return (
    <Panel title="Incident">
      <dl className={classes.pairs}>
        <dt>Status</dt>
        <dd>
          <StatusChip status={incident.status} />
        </dd>
        <dt>Severity</dt>
        <dd>
          <SeverityChip severity={incident.severity} />
        </dd>
        <dt>Service</dt>
        <dd>
          <Link to={`/services/${servicePath(incident.service)}`}>{incident.service}</Link>
        </dd>
        <dt>Opened</dt>
        <dd>
          <Ago at={incident.created_at} />
        </dd>
        <dt>MTTA</dt>
        <dd data-testid="mtta">{span(incident.mtta_seconds)}</dd>
        <dt>MTTR</dt>
        <dd data-testid="mttr">{span(incident.mttr_seconds)}</dd>
        {incident.acknowledged_at === null && incident.status === 'open' && (
          <>
            <dt>Answer due</dt>
            <dd>{exactTime(incident.answer_due_at)}</dd>
          </>
        )}
        {incident.responders.length > 0 && (
          <>
            <dt>Responders</dt>
            <dd>{incident.responders.join(', ')}</dd>
          </>
        )}
        <dt>Grouped by</dt>
        <dd>{incident.rule === '' ? 'hand' : `rule ${incident.rule}`}</dd>
        <Links incident={incident} />
      </dl>
      {incident.status !== 'resolved' && <Edits incident={incident} steps={steps} />}
      {incident.status !== 'resolved' && <MergeForm incident={incident} />}
    </Panel>
  );
}

function Links({ incident }: { incident: IncidentDetail }) {
  return (
    <>
      {incident.reopened_from !== null && (
        <>
          <dt>Came back</dt>
          <dd>
            <Link to={`/incidents/${incident.reopened_from}`}>after an earlier incident</Link>
          </dd>
        </>
      )}
      {incident.merged_into !== null && (
        <>
          <dt>Part of</dt>
          <dd>
            <Link to={`/incidents/${incident.merged_into}`}>another incident</Link>
          </dd>
        </>
      )}
    </>
  );
}

function Edits({ incident, steps }: { incident: IncidentDetail; steps: Steps }) {
  return (
    <div className={classes.note}>
      <Select
        size="xs"
        label="Change severity"
        data={SEVERITIES.map((value) => ({ value, label: SEVERITY_WORDS[value] }))}
        value={incident.severity}
        allowDeselect={false}
        onChange={(value) => steps.edit(incident.id, { severity: value as Severity })}
      />
      <TextInput
        key={`assignee ${incident.assignee}`}
        size="xs"
        label="Assignee"
        placeholder="alice, then Enter"
        defaultValue={incident.assignee ?? ''}
        onKeyDown={(event) => {
          if (event.key === 'Enter') steps.edit(incident.id, { assignee: event.currentTarget.value.trim() });
        }}
      />
      <TextInput
        key={`team ${incident.team}`}
        size="xs"
        label="Team"
        placeholder="operations, then Enter"
        defaultValue={incident.team ?? ''}
        onKeyDown={(event) => {
          if (event.key === 'Enter') steps.edit(incident.id, { team: event.currentTarget.value.trim() });
        }}
      />
      <TextInput
        key={`responders ${incident.responders.join()}`}
        size="xs"
        label="Responders"
        placeholder="alice, bob, then Enter"
        defaultValue={incident.responders.join(', ')}
        onKeyDown={(event) => {
          if (event.key === 'Enter') steps.edit(incident.id, { responders: namesOf(event.currentTarget.value) });
        }}
      />
    </div>
  );
}

function namesOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}
