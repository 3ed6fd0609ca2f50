import { Button, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { listExperiments, listRuns, type ExperimentSummary } from '../api/experiments';
import { Notice } from '../frame/Notice';
import { useTopic } from '../live/useTopic';
import { Ago } from '../time/Ago';
import { Problems } from '../forms/Problems';
import { RunButton } from './RunButton';
import { RunTable } from './RunTable';
import { VerdictMark } from './VerdictMark';
import classes from './Experiments.module.css';

function fits(experiment: ExperimentSummary, text: string): boolean {
  const words = [experiment.name, experiment.title, ...experiment.targets, ...experiment.faults].join(' ');
  return words.toLowerCase().includes(text.toLowerCase());
}

/** Every experiment with its last run, and the runs of late. The filter lives in the address. */
export default function ExperimentsPage() {
  useTopic('experiments');
  const [params, setParams] = useSearchParams();
  const text = params.get('text') ?? '';
  const experiments = useQuery({
    queryKey: ['experiments', 'list'],
    queryFn: ({ signal }) => listExperiments(signal),
  });
  const runs = useQuery({ queryKey: ['experiments', 'runs'], queryFn: ({ signal }) => listRuns(null, signal) });
  const found = experiments.data?.items.filter((each) => fits(each, text)) ?? [];
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>Experiments</h1>
        <Button component={Link} to="/experiments/new" size="xs" variant="default" leftSection={<IconPlus size={14} />}>
          New or import
        </Button>
      </div>
      <TextInput
        size="xs"
        aria-label="Filter experiments"
        placeholder="Name, service or fault"
        data-filter
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => {
          const value = event.currentTarget.value;
          setParams(value === '' ? {} : { text: value }, { replace: true });
        }}
      />
      <Problems error={experiments.error} />
      {experiments.data?.complete === false && (
        <p className={classes.hint} role="status">
          Postgres is away: your own experiments and the runs of before cannot be read. The library still runs.
        </p>
      )}
      {experiments.isPending && <div className={classes.waiting} aria-label="Reading experiments" role="status" />}
      {experiments.data !== undefined && found.length === 0 && (
        <Notice look="unknown" title="No experiment fits">
          <p>Clear the filter, or write one with “New or import”.</p>
        </Notice>
      )}
      <ul className={classes.list} aria-label="Experiments">
        {found.map((experiment) => (
          <Item key={experiment.name} experiment={experiment} />
        ))}
      </ul>
      <h2 className={classes.subtitle}>Runs of late</h2>
      <Problems error={runs.error} />
      {runs.data !== undefined && <RunTable runs={runs.data.items} withExperiment />}
    </div>
  );
}

function Item({ experiment }: { experiment: ExperimentSummary }) {
  const { name, title, targets, faults, last_run: last, schedules, of_library: ofLibrary } = experiment;
  return (
    <li className={classes.item}>
      <div className={classes.what}>
        <Link className={classes.name} to={`/experiments/${name}`}>
          {title}
        </Link>
        <span className={classes.facts}>
          {faults.join(', ')} on {targets.join(', ')}
          {ofLibrary ? ' · library' : ' · your own'}
          {schedules > 0 && ` · ${schedules} scheduled`}
        </span>
      </div>
      <span className={classes.last}>
        {last === null ? (
          <span className={classes.faint}>never run</span>
        ) : (
          <>
            <VerdictMark run={last} />{' '}
            <Link to={`/runs/${last.id}`}>
              <Ago at={last.requested_at} />
            </Link>
          </>
        )}
      </span>
      <RunButton name={name} title={title} />
    </li>
  );
}
