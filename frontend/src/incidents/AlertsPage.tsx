import { Button, Select, Skeleton, TextInput } from '@mantine/core';
import { listAlerts, SEVERITIES } from '../api/incidents';
import { Notice } from '../frame/Notice';
import { useTypedParam } from '../keys/useTypedParam';
import { AlertTable } from './AlertTable';
import { Problem } from './IncidentsPage';
import { useFilter } from './useFilter';
import { useList } from './useList';
import { SEVERITY_WORDS } from './words';
import classes from './Incidents.module.css';

const KEYS = ['status', 'severity', 'service', 'source'] as const;

/** `/alerts`: every deduplicated signal of every source. Filters live in the address. */
export default function AlertsPage() {
  const [filter, set] = useFilter(KEYS);
  const [service, typeService] = useTypedParam('service');
  const [source, typeSource] = useTypedParam('source');
  const list = useList('alerts', filter, listAlerts);
  const choose = (key: string) => (value: string | null) => set(key, value === null ? [] : [value]);
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>Alerts</h1>
      </div>
      <div className={classes.filters} role="search">
        <Select
          size="xs"
          label="State"
          clearable
          data={['firing', 'resolved']}
          value={filter.status?.[0] ?? null}
          onChange={choose('status')}
        />
        <Select
          size="xs"
          label="Severity"
          clearable
          data={SEVERITIES.map((value) => ({ value, label: SEVERITY_WORDS[value] }))}
          value={filter.severity?.[0] ?? null}
          onChange={choose('severity')}
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
          label="From"
          placeholder="prometheus"
          value={source}
          onChange={(event) => typeSource(event.currentTarget.value)}
        />
      </div>
      {list.problem !== null && <Problem text={list.problem} />}
      {list.items.length > 0 && <AlertTable alerts={list.items} withIncident />}
      {list.items.length === 0 && list.loading && <Skeleton height={220} radius={6} />}
      {list.items.length === 0 && !list.loading && list.problem === null && (
        <Notice look="up" title="No alert fits">
          <p>
            Prometheus, Alertmanager, Grafana, PagerDuty clients and plain curl can send theirs here; see the page
            “Alerts” of the documentation.
          </p>
        </Notice>
      )}
      {list.more !== null && (
        <Button variant="default" size="xs" mt="sm" onClick={list.more}>
          Show older
        </Button>
      )}
    </>
  );
}
