import { Button, Select, Skeleton, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useState, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { describe, servicePath } from '../api/client';
import { readIncident, SEVERITIES, type IncidentDetail, type Severity } from '../api/incidents';
import { Notice } from '../frame/Notice';
import { useServices } from '../live/hooks';
import { useTopic } from '../live/useTopic';
import { StateWord } from '../services/StateWord';
import { blastRadius } from '../topology/graph';
import { Ago } from '../time/Ago';
import { clockTime, exactTime } from '../time/format';
import { AlertTable } from './AlertTable';
import { SeverityChip, StatusChip } from './Chip';
import { Problem } from '../frame/Problem';
import { StepButtons } from './StepButtons';
import { useStepKeys } from './useStepKeys';
import { useSteps, type Steps } from './useSteps';
import { SEVERITY_WORDS, span } from './words';
import classes from './Incidents.module.css';

/** `/incidents/42`: one incident with its story, live for everyone who looks. */
export default function IncidentPage() {
  const { reference = '' } = useParams();
  useTopic('incidents');
  const query = useQuery({
    queryKey: ['incidents', 'detail', reference],
    queryFn: ({ signal }) => readIncident(reference, signal),
  });
  const steps = useSteps();
  const incident = query.data;
  useStepKeys(
    useCallback(() => incident, [incident]),
    steps,
  );
  if (incident === undefined) {
    if (query.error === null) return <Skeleton height={320} radius={6} />;
    return (
      <Notice look="unknown" title={`Incident ${reference} cannot be shown`}>
        <p>{describe(query.error)}</p>
      </Notice>
    );
  }
  const problem = steps.problem ?? (query.error === null ? null : describe(query.error));
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>
          <span className={classes.number}>#{incident.number}</span> {incident.title}
        </h1>
        <StepButtons incident={incident} steps={steps} />
      </div>
      <Problem text={problem} />
      <div className={classes.detail}>
        <div>
          <Timeline incident={incident} steps={steps} />
          <Panel title={`Alerts (${incident.alerts})`}>
            {incident.alert_list.length > 0 ? (
              <AlertTable alerts={incident.alert_list} />
            ) : (
              <p>None: somebody opened it by hand.</p>
            )}
          </Panel>
        </div>
        <div>
          <Facts incident={incident} steps={steps} />
          <BlastRadius incident={incident} />
        </div>
      </div>
    </>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.panel} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Facts({ incident, steps }: { incident: IncidentDetail; steps: Steps }) {
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
        key={incident.assignee}
        size="xs"
        label="Assignee"
        placeholder="alice, then Enter"
        defaultValue={incident.assignee ?? ''}
        onKeyDown={(event) => {
          if (event.key === 'Enter') steps.edit(incident.id, { assignee: event.currentTarget.value.trim() });
        }}
      />
    </div>
  );
}

/** What stands on the service, what it stood on, and what was folded into this incident. */
function BlastRadius({ incident }: { incident: IncidentDetail }) {
  const services = useServices();
  const hit = [...blastRadius(incident.service, services).keys()].flatMap((name) => services.get(name) ?? []);
  return (
    <Panel title="Blast radius">
      <ul className={classes.list}>
        {hit.map((service) => (
          <li key={service.name} className={classes.facts}>
            <Link to={`/services/${servicePath(service.name)}`}>{service.name}</Link>
            <StateWord service={service} />
          </li>
        ))}
        {hit.length === 0 && <li>Nothing that is managed here stands on {incident.service}.</li>}
        {incident.merged.map((child) => (
          <li key={child.id} className={classes.facts}>
            <Link to={`/incidents/${child.number}`}>
              #{child.number} {child.title}
            </Link>
            folded in
          </li>
        ))}
      </ul>
      <p className={classes.who}>
        <Link to={`/topology?service=${encodeURIComponent(incident.service)}`}>Show on the map</Link>
      </p>
    </Panel>
  );
}

function Timeline({ incident, steps }: { incident: IncidentDetail; steps: Steps }) {
  const [note, setNote] = useState('');
  const add = (): void => {
    if (note.trim() === '') return;
    steps.edit(incident.id, { notes: note.trim() });
    setNote('');
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
