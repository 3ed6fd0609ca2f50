import { Button, Select } from '@mantine/core';
import { IconBinaryTree } from '@tabler/icons-react';
import { Link } from 'react-router';
import { listAlerts, SEVERITIES } from '../api/incidents';
import { Notice } from '../frame/Notice';
import { Listed } from '../lists/Listed';
import { TypedParam } from '../lists/TypedParam';
import { useList } from '../lists/useList';
import { AlertTable } from './AlertTable';
import { useFilter } from '../lists/useFilter';
import { SEVERITY_WORDS } from './words';
import classes from './Incidents.module.css';

const KEYS = ['status', 'severity', 'service', 'source'] as const;

/** `/alerts`: every deduplicated signal of every source. Filters live in the address. */
export default function AlertsPage() {
  const [filter, set] = useFilter(KEYS);
  const list = useList('alerts', filter, listAlerts);
  const choose = (key: string) => (value: string | null) => set(key, value === null ? [] : [value]);
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>Alerts</h1>
        <Button
          component={Link}
          to="/alerts/outages"
          variant="default"
          size="xs"
          leftSection={<IconBinaryTree size={14} />}
        >
          Outage policies
        </Button>
      </div>
      <div className={classes.filters} role="search">
        <Select
          size="xs"
          label="State"
          placeholder="any"
          clearable
          data={['firing', 'resolved']}
          value={filter.status?.[0] ?? null}
          onChange={choose('status')}
        />
        <Select
          size="xs"
          label="Severity"
          placeholder="any"
          clearable
          data={SEVERITIES.map((value) => ({ value, label: SEVERITY_WORDS[value] }))}
          value={filter.severity?.[0] ?? null}
          onChange={choose('severity')}
        />
        <TypedParam name="service" label="Service" placeholder="redis" search />
        <TypedParam name="source" label="From" placeholder="prometheus" />
      </div>
      <Listed {...list} count={list.items.length} nothing={<Nothing />}>
        <AlertTable alerts={list.items} withIncident />
      </Listed>
    </>
  );
}

function Nothing() {
  return (
    <Notice look="up" title="No alert fits">
      <p>
        Prometheus, Alertmanager, Grafana, PagerDuty clients and plain curl can send theirs here; see the page “Alerts”
        of the documentation.
      </p>
    </Notice>
  );
}
