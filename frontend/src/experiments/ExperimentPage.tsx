import { Button, Group, Modal, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import {
  listRuns,
  readExperiment,
  removeExperiment,
  type Experiment,
  type FaultStep,
  type Step,
} from '../api/experiments';
import { useTopic } from '../live/useTopic';
import { Problems } from '../forms/Problems';
import { RunButton } from './RunButton';
import { RunTable } from './RunTable';
import { Schedules } from './Schedules';
import { asked, tolerated } from './words';
import classes from './Experiments.module.css';

/** One experiment: what it says, when it runs by itself, and its runs. */
export default function ExperimentPage() {
  const { name = '' } = useParams();
  useTopic('experiments');
  const kept = useQuery({
    queryKey: ['experiments', 'one', name],
    queryFn: ({ signal }) => readExperiment(name, signal),
  });
  const runs = useQuery({
    queryKey: ['experiments', 'runs', name],
    queryFn: ({ signal }) => listRuns(name, signal),
  });
  if (kept.data === undefined) return <Problems error={kept.error} />;
  const { document: experiment, of_library: ofLibrary } = kept.data;
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>{experiment.title}</h1>
        <Group gap="xs">
          <Button
            component="a"
            href={`/api/v1/experiments/${name}/export`}
            download
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
          >
            Export
          </Button>
          <Button component={Link} to={`/experiments/${name}/edit`} size="xs" variant="default">
            {ofLibrary ? 'Copy' : 'Edit'}
          </Button>
          {!ofLibrary && <Remove experiment={experiment} />}
          <RunButton name={name} title={experiment.title} />
        </Group>
      </div>
      {experiment.description !== '' && <p className={classes.hint}>{experiment.description}</p>}
      <Document experiment={experiment} />
      <Schedules name={name} />
      <h2 className={classes.subtitle}>Runs</h2>
      <Problems error={runs.error} />
      {runs.data !== undefined && <RunTable runs={runs.data.items} />}
    </div>
  );
}

function Document({ experiment }: { experiment: Experiment }) {
  const { blast_radius: radius } = experiment;
  return (
    <div className={classes.columns}>
      <section className={classes.panel} aria-labelledby="hypothesis">
        <h2 id="hypothesis">{experiment.hypothesis.title}</h2>
        <ul>
          {experiment.hypothesis.probes.map((probe) => (
            <li key={probe.name}>
              {probe.name}
              <span className={classes.effect}>
                <code>{asked(probe)}</code> {tolerated(probe.tolerance)}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className={classes.panel} aria-labelledby="method">
        <h2 id="method">Method</h2>
        <ol>
          {experiment.method.map((step, place) => (
            <li key={place}>{describe(step, experiment)}</li>
          ))}
          {experiment.rollbacks.map((rollback) => (
            <li key={rollback.name}>
              afterwards {rollback.verb} {rollback.service}
            </li>
          ))}
        </ol>
        <p className={classes.hint}>
          At most {radius.max_services} service{radius.max_services === 1 ? '' : 's'} and{' '}
          {Math.round(radius.max_share_of_group * 100)} % of a group, {radius.touch_incidents ? 'even' : 'never'} what
          is in an incident; steady again within {experiment.recovery_seconds} s.
        </p>
      </section>
    </div>
  );
}

function describe(step: Step, experiment: Experiment): string {
  switch (step.type) {
    case 'pause':
      return `wait ${step.seconds} s`;
    case 'probe':
      return `ask: ${step.probe.name}`;
    case 'parallel':
      return `at the same time: ${step.steps.map((each) => describe(each, experiment)).join('; ')}`;
    case 'fault': {
      const parameters = Object.entries(step.parameters).map(([key, value]) => `${key} ${value}`);
      const lease = step.lease_seconds ?? experiment.lease_seconds;
      const target = `${step.service}${containerOf(step)}`;
      return `${step.name}: ${[step.fault, ...parameters].join(', ')} on ${target}, lease ${lease} s`;
    }
  }
}

function containerOf({ container }: FaultStep): string {
  if (container === undefined || container === null) return '';
  return container === 'all' ? ' (all containers)' : ` (${container})`;
}

function Remove({ experiment }: { experiment: Experiment }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const remove = useMutation({
    mutationFn: () => removeExperiment(experiment.name),
    onSuccess: () => void navigate('/experiments'),
  });
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen(true)}>
        Delete
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Delete ${experiment.title}`} centered>
        <Text>The experiment and its schedules are forgotten. Its runs and their reports stay.</Text>
        <Problems error={remove.error} />
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" data-autofocus onClick={() => setOpen(false)}>
            Cancel
          </Button>
          <Button
            variant="filled"
            data-danger
            color="var(--down-solid)"
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            Delete
          </Button>
        </Group>
      </Modal>
    </>
  );
}
