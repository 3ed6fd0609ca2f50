import { Button, MultiSelect, Skeleton, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconChartBar } from '@tabler/icons-react';
import { useCallback } from 'react';
import { Link } from 'react-router';
import { servicePath } from '../api/client';
import { listIncidents, SEVERITIES, STATUSES, type Incident, type IncidentStatus } from '../api/incidents';
import { Notice } from '../frame/Notice';
import { useTypedParam } from '../keys/useTypedParam';
import { Ago } from '../time/Ago';
import { SeverityChip, StatusChip } from './Chip';
import { StepButtons } from './StepButtons';
import { useFilter } from './useFilter';
import { useList } from './useList';
import { useStepKeys } from './useStepKeys';
import { useSteps, type Steps } from './useSteps';
import { SEVERITY_WORDS, span, STATUS_WORDS } from './words';
import classes from './Incidents.module.css';

const KEYS = ['status', 'severity', 'service', 'team'] as const;
const UNRESOLVED: readonly IncidentStatus[] = ['open', 'acknowledged', 'in_progress'];

/** `/incidents`: what people work on. Filters live in the address; j and k move, a and r act. */
export default function IncidentsPage() {
  const [filter, set] = useFilter(KEYS);
  const list = useList('incidents', filter, listIncidents);
  const steps = useSteps();
  const { items } = list;
  const focused = useCallback(() => {
    const card = document.activeElement?.closest<HTMLElement>('[data-card]');
    return items.find((incident) => incident.id === card?.dataset.card);
  }, [items]);
  useStepKeys(focused, steps);
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>Incidents</h1>
        <Button
          component={Link}
          to="/incidents/statistics"
          variant="default"
          size="xs"
          leftSection={<IconChartBar size={14} />}
        >
          Statistics
        </Button>
      </div>
      <Filters filter={filter} set={set} />
      {(list.problem ?? steps.problem) !== null && <Problem text={list.problem ?? steps.problem ?? ''} />}
      {items.length > 0 && <Rows incidents={items} steps={steps} />}
      {items.length === 0 && list.loading && <Skeleton height={220} radius={6} />}
      {items.length === 0 && !list.loading && list.problem === null && <Nothing />}
      {list.more !== null && (
        <Button variant="default" size="xs" mt="sm" onClick={list.more}>
          Show older
        </Button>
      )}
    </>
  );
}

interface FiltersProps {
  filter: Readonly<Record<string, readonly string[]>>;
  set: (key: string, values: readonly string[]) => void;
}

function Filters({ filter, set }: FiltersProps) {
  const [service, typeService] = useTypedParam('service');
  const [team, typeTeam] = useTypedParam('team');
  const status = filter.status ?? [];
  return (
    <div className={classes.filters} role="search">
      <MultiSelect
        size="xs"
        label="Status"
        placeholder={status.length === 0 ? 'any' : ''}
        clearable
        data={STATUSES.map((value) => ({ value, label: STATUS_WORDS[value] }))}
        value={[...status]}
        onChange={(values) => set('status', values)}
      />
      <MultiSelect
        size="xs"
        label="Severity"
        placeholder={(filter.severity ?? []).length === 0 ? 'any' : ''}
        clearable
        maxValues={1}
        data={SEVERITIES.map((value) => ({ value, label: SEVERITY_WORDS[value] }))}
        value={[...(filter.severity ?? [])]}
        onChange={(values) => set('severity', values)}
      />
      <TextInput
        size="xs"
        label="Service"
        placeholder="redis"
        data-filter
        value={service}
        onChange={(event) => typeService(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        label="Team"
        placeholder="data"
        value={team}
        onChange={(event) => typeTeam(event.currentTarget.value)}
      />
      <Button
        className={classes.quick ?? ''}
        variant="default"
        size="xs"
        onClick={() => set('status', status.length === UNRESOLVED.length ? [] : UNRESOLVED)}
      >
        {status.length === UNRESOLVED.length ? 'Show all' : 'Only unresolved'}
      </Button>
    </div>
  );
}

export function Problem({ text }: { text: string }) {
  return (
    <p className={classes.problem} role="alert">
      <IconAlertTriangle size={16} aria-hidden="true" />
      {text}
    </p>
  );
}

function Nothing() {
  return (
    <Notice look="up" title="No incident fits">
      <p>
        Incidents open by themselves when a service goes down or an alert comes in. Try one:{' '}
        <code>
          {`curl -X POST ${window.location.origin}/api/v1/alerts -H 'Content-Type: application/json' -d '{"service": "billing", "severity": "high", "message": "HTTP 5xx error rate > 10%"}'`}
        </code>
      </p>
    </Notice>
  );
}

function Rows({ incidents, steps }: { incidents: readonly Incident[]; steps: Steps }) {
  const open = incidents.filter((incident) => incident.status !== 'resolved').length;
  return (
    <>
      <p className={classes.count} role="status">
        {incidents.length} shown, {open} unresolved
      </p>
      <ul className={classes.rows} aria-label="Incidents">
        {incidents.map((incident) => (
          <Row key={incident.id} incident={incident} steps={steps} />
        ))}
      </ul>
    </>
  );
}

function Row({ incident, steps }: { incident: Incident; steps: Steps }) {
  return (
    <li
      className={classes.row}
      data-card={incident.id}
      data-testid={`incident-${incident.number}`}
      data-status={incident.status}
      tabIndex={-1}
    >
      <span className={classes.number}>#{incident.number}</span>
      <div className={classes.what}>
        <Link className={classes.name} to={`/incidents/${incident.number}`}>
          {incident.title}
        </Link>
        <span className={classes.facts}>
          <Link to={`/services/${servicePath(incident.service)}`}>{incident.service}</Link>
          <span>
            {incident.alerts} {incident.alerts === 1 ? 'alert' : 'alerts'}
          </span>
          <Ago at={incident.created_at} />
          {incident.assignee !== null && <span>{incident.assignee}</span>}
          {incident.mtta_seconds !== null && <span>answered in {span(incident.mtta_seconds)}</span>}
          {incident.mttr_seconds !== null && <span>repaired in {span(incident.mttr_seconds)}</span>}
        </span>
      </div>
      <div className={classes.states}>
        <SeverityChip severity={incident.severity} />
        <StatusChip status={incident.status} />
      </div>
      <StepButtons incident={incident} steps={steps} />
    </li>
  );
}
