import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { describe, servicePath } from '../api/client';
import type { IncidentDetail } from '../api/incidents';
import { readEvidence, type Evidence, type Role, type ServiceEvidence } from '../api/story';
import { Table } from '../lists/Table';
import cells from '../lists/Table.module.css';
import { readState } from '../state/language';
import { exactTime } from '../time/format';
import { Chip } from './Chip';
import { HappeningList } from './HappeningList';
import { Panel } from '../frame/Panel';
import classes from './Story.module.css';

const MOMENTS: Record<Evidence['moment'], string> = { opened: 'When it opened', resolved: 'When it was resolved' };

const ROLES: Record<Role, string> = {
  affected: 'affected',
  upstream: 'it stands on this',
  downstream: 'stands on it',
};

/** What was known when the incident opened and when it was resolved: frozen, whatever became of it. */
export function EvidencePanel({ incident }: { incident: IncidentDetail }) {
  const query = useQuery({
    queryKey: ['incidents', 'evidence', incident.id],
    queryFn: ({ signal }) => readEvidence(incident.id, signal),
  });
  const taken = query.data ?? [];
  return (
    <Panel title="Evidence">
      {query.error !== null && <p className={classes.dim}>{describe(query.error)}</p>}
      {query.isSuccess && taken.length === 0 && (
        <p className={classes.dim}>None yet. It is taken a moment after an incident opens, and kept for good.</p>
      )}
      {taken[0] !== undefined && (
        <Tabs defaultValue={taken[0].moment} keepMounted={false}>
          <Tabs.List>
            {taken.map(({ moment }) => (
              <Tabs.Tab key={moment} value={moment}>
                {MOMENTS[moment]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {taken.map((evidence) => (
            <Tabs.Panel key={evidence.moment} value={evidence.moment}>
              <OfOneMoment evidence={evidence} opened={incident.created_at} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Panel>
  );
}

function OfOneMoment({ evidence, opened }: { evidence: Evidence; opened: string }) {
  const { services, happenings } = evidence;
  return (
    <>
      <p className={classes.taken}>Taken {exactTime(evidence.taken_at)}</p>
      {services.length === 0 && <p className={classes.dim}>None of its services is managed here.</p>}
      {services.length > 0 && <Services services={services} />}
      {services.map((service) => (
        <LastLines key={service.name} service={service} />
      ))}
      {happenings.length > 0 && (
        <>
          <h3 className={classes.title}>Done before</h3>
          <HappeningList happenings={happenings.toReversed()} opened={opened} label="What had been done before" />
        </>
      )}
    </>
  );
}

function Services({ services }: { services: readonly ServiceEvidence[] }) {
  return (
    <Table label="Services as they were" columns={['Service', 'State', 'Part', 'Image', 'Exit code']}>
      {services.map((service) => (
        <tr key={service.name}>
          <td>
            <Link to={`/services/${servicePath(service.name)}`}>{service.name}</Link>
          </td>
          <td title={sinceOf(service)}>
            <Chip {...readState(service.state)} />
          </td>
          <td>{ROLES[service.role]}</td>
          <td>{service.image}</td>
          <td className={cells.number}>{service.exit_code ?? ''}</td>
        </tr>
      ))}
    </Table>
  );
}

function sinceOf({ status, started_at: started, finished_at: finished }: ServiceEvidence): string {
  const since = status === 'UP' ? started : finished;
  return since === null ? '' : `since ${exactTime(since)}`;
}

function LastLines({ service }: { service: ServiceEvidence }) {
  if (service.log.length === 0) return null;
  return (
    <>
      <h3 className={classes.title}>Last lines of {service.name}</h3>
      <pre className={classes.log} tabIndex={0} role="region" aria-label={`Last lines of ${service.name}`}>
        {service.log.join('\n')}
      </pre>
    </>
  );
}
