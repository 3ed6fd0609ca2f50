import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { Link, useParams } from 'react-router';
import { describe } from '../api/client';
import { readIncident } from '../api/incidents';
import { Notice } from '../frame/Notice';
import { Panel } from '../frame/Panel';
import { Problem } from '../frame/Problem';
import { useTopic } from '../live/useTopic';
import { AlertTable } from './AlertTable';
import { AtTheSameTime } from './AtTheSameTime';
import { BlastRadius } from './BlastRadius';
import { Checklist } from './Checklist';
import { EvidencePanel } from './EvidencePanel';
import { IncidentFacts } from './IncidentFacts';
import { IncidentTimeline } from './IncidentTimeline';
import { ReopenButton } from './ReopenButton';
import { StepButtons } from './StepButtons';
import { useStepKeys } from './useStepKeys';
import { useSteps } from './useSteps';
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
        <p>
          {describe(query.error)} <Link to="/incidents">All incidents</Link>
        </p>
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
        <ReopenButton incident={incident} />
      </div>
      <Problem text={problem} />
      <div className={classes.detail}>
        <div>
          <IncidentTimeline incident={incident} steps={steps} />
          <AtTheSameTime incident={incident} />
          <EvidencePanel incident={incident} />
          <Panel title={`Alerts (${incident.alerts})`}>
            {incident.alert_list.length > 0 ? (
              <AlertTable alerts={incident.alert_list} />
            ) : (
              <p>None: somebody opened it by hand.</p>
            )}
          </Panel>
        </div>
        <div>
          <IncidentFacts incident={incident} steps={steps} />
          <Checklist incident={incident} steps={steps} />
          <BlastRadius incident={incident} />
        </div>
      </div>
    </>
  );
}
