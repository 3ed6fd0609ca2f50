import { Button, Group } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { haltRun, readReport, readRun, type Entry, type Run } from '../api/experiments';
import { useTopic } from '../live/useTopic';
import { clockTime, duration, exactTime } from '../time/format';
import { Leases } from './Leases';
import { Problems } from '../forms/Problems';
import { ReportView } from './ReportView';
import { Strip } from './Strip';
import { sentenceOf } from './verdicts';
import { VerdictMark } from './VerdictMark';
import classes from './Experiments.module.css';

/** One run: followed live, and its report. */
export default function RunPage() {
  const { id = '' } = useParams();
  useTopic('experiments');
  const run = useQuery({ queryKey: ['experiments', 'run', id], queryFn: ({ signal }) => readRun(id, signal) });
  const report = useQuery({
    queryKey: ['experiments', 'report', id],
    queryFn: ({ signal }) => readReport(id, signal),
    enabled: run.data !== undefined && run.data.verdict !== null,
  });
  if (run.data === undefined) return <Problems error={run.error} />;
  return (
    <div className={classes.page}>
      <Head run={run.data} />
      <p className={classes.verdict} role="status">
        <VerdictMark run={run.data} /> {sentenceOf(run.data)} {run.data.reason}
      </p>
      {run.data.verdict === null && <Leases run={run.data} />}
      <Strip run={run.data} harms={report.data?.harms ?? []} />
      <Problems error={report.error} />
      {report.data !== undefined && <ReportView report={report.data} />}
      <Timeline entries={run.data.entries} />
    </div>
  );
}

function Head({ run }: { run: Run }) {
  const halt = useMutation({ mutationFn: () => haltRun(run.id) });
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>
          Run {run.number ?? ''} of <Link to={`/experiments/${run.experiment}`}>{run.title}</Link>
        </h1>
        <Group gap="xs">
          {run.verdict === null ? (
            <Button
              variant="filled"
              size="xs"
              data-danger
              color="red"
              loading={halt.isPending}
              onClick={() => halt.mutate()}
            >
              Halt
            </Button>
          ) : (
            (['report.md', 'report.json', 'journal.json'] as const).map((file) => (
              <Button
                key={file}
                component="a"
                href={`/api/v1/runs/${run.id}/${file}`}
                download
                size="xs"
                variant="default"
                leftSection={<IconDownload size={14} />}
              >
                {file}
              </Button>
            ))
          )}
        </Group>
      </div>
      <p className={classes.hint}>
        Asked for by {run.asked_by} {run.trigger === 'schedule' && '(schedule) '}at {exactTime(run.requested_at)}
      </p>
      <Problems error={halt.error} />
    </>
  );
}

const WORDS: Record<Entry['kind'], string> = {
  phase: 'phase',
  probe: 'asked',
  fault: 'injected',
  pause: 'waits',
  undo: 'undone',
  rollback: 'rollback',
  halt: 'halt',
  verdict: 'verdict',
};

/** What happened, newest last; of the watch each second only what was not steady. */
function Timeline({ entries }: { entries: readonly Entry[] }) {
  const told = entries.filter((entry) => !(entry.kind === 'probe' && entry.phase === 'method' && entry.ok === true));
  return (
    <section className={classes.panel} aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <ol className={classes.timeline}>
        {told.map((entry) => (
          <li key={entry.seq} data-bad={entry.ok === false || undefined}>
            <time dateTime={entry.at} title={exactTime(entry.at)}>
              {clockTime(entry.at)}
            </time>
            <span className={classes.kind}>{WORDS[entry.kind]}</span>
            <span>
              {entry.name.replaceAll('_', ' ')} {entry.service ?? ''} {entry.value === null ? '' : String(entry.value)}{' '}
              <span className={classes.faint}>
                {entry.detail} {entry.seconds === null ? '' : duration(entry.seconds * 1_000)}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
