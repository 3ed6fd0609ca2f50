import { Button, MultiSelect, NativeSelect } from '@mantine/core';
import { IconBinaryTree, IconChartBar } from '@tabler/icons-react';
import { useCallback } from 'react';
import { Link } from 'react-router';
import { servicePath } from '../api/client';
import { SEVERITIES, STATUSES, UNRESOLVED, type Incident } from '../api/incidents';
import { Notice } from '../frame/Notice';
import { Listed } from '../lists/Listed';
import { TypedParam } from '../lists/TypedParam';
import { useList } from '../lists/useList';
import { Ago } from '../time/Ago';
import { SeverityChip, StatusChip } from './Chip';
import { listOpenedWithin, PERIODS } from './openedWithin';
import { StepButtons } from './StepButtons';
import { useFilter } from '../lists/useFilter';
import { useStepKeys } from './useStepKeys';
import { useSteps, type Steps } from './useSteps';
import { SEVERITY_WORDS, span, STATUS_WORDS } from './words';
import classes from './Incidents.module.css';

const KEYS = ['status', 'severity', 'service', 'team', 'within_hours'] as const;

/** `/incidents`: what people work on. Filters live in the address; j and k move, a and r act. */
export default function IncidentsPage() {
  const [filter, set] = useFilter(KEYS);
  const list = useList('incidents', filter, listOpenedWithin);
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
        <div className={classes.steps}>
          <Button
            component={Link}
            to="/incidents/rules"
            variant="default"
            size="xs"
            leftSection={<IconBinaryTree size={14} />}
          >
            Rules
          </Button>
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
      </div>
      <Filters filter={filter} set={set} />
      <Listed {...list} count={items.length} problem={list.problem ?? steps.problem} nothing={<Nothing />}>
        <Rows incidents={items} steps={steps} />
      </Listed>
    </>
  );
}

interface FiltersProps {
  filter: Readonly<Record<string, readonly string[]>>;
  set: (key: string, values: readonly string[]) => void;
}

function Filters({ filter, set }: FiltersProps) {
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
      <TypedParam name="service" label="Service" placeholder="redis" search />
      <TypedParam name="team" label="Team" placeholder="data" />
      <NativeSelect
        size="xs"
        label="Opened"
        data={PERIODS}
        value={filter.within_hours?.[0] ?? ''}
        onChange={({ currentTarget: { value } }) => set('within_hours', value === '' ? [] : [value])}
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
