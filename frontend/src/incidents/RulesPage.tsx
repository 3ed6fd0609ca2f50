import { Button, Skeleton, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { describe } from '../api/client';
import { readRules, saveRules, tryRules, type CorrelationRules, type RulesDifference } from '../api/incidents';
import { LeaveGuard } from '../forms/LeaveGuard';
import { isProblem } from '../forms/problems';
import { Problems } from '../forms/Problems';
import { Problem } from '../frame/Problem';
import forms from '../forms/Form.module.css';
import classes from './Incidents.module.css';

const KEY = ['incidents', 'rules'];

/** `/incidents/rules`: which alerts become one incident, tried on the last week before it counts. */
export default function RulesPage() {
  const rules = useQuery({ queryKey: KEY, queryFn: ({ signal }) => readRules(signal) });
  return (
    <>
      <div className={classes.head}>
        <h1 className={classes.title}>Rules of correlation</h1>
      </div>
      <Problem text={rules.error === null ? null : describe(rules.error)} />
      {rules.isPending && <Skeleton height={320} radius={6} />}
      {rules.data !== undefined && <RulesForm stored={rules.data} />}
    </>
  );
}

/** A text that was begun, and the version that it was begun from. */
interface Edit {
  readonly text: string;
  readonly version: number;
}

function RulesForm({ stored }: { stored: CorrelationRules }) {
  const [edit, setEdit] = useState<Edit | null>(null);
  const queries = useQueryClient();
  const text = edit?.text ?? stored.source;
  const version = edit?.version ?? stored.version;
  const attempt = useMutation({ mutationFn: () => tryRules(text) });
  const save = useMutation({
    mutationFn: () => saveRules(text, version),
    onSuccess: (kept) => {
      queries.setQueryData(KEY, kept);
      setEdit(null);
    },
    onError: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  const unsaved = edit !== null && edit.text !== stored.source;
  return (
    <form
      className={forms.form}
      aria-label="Rules of correlation"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p className={forms.hint}>
        {stored.version === 0 ? 'As shipped.' : `Version ${stored.version}, stored by ${stored.actor}.`} The first rule
        that matches an alert says which incident it joins; what none matches goes by service and severity within five
        minutes.
      </p>
      <Textarea
        label="Rules, as YAML"
        autosize
        minRows={12}
        maxRows={40}
        styles={{ input: { fontFamily: 'var(--mono)', fontSize: '12.5px' } }}
        value={text}
        onChange={({ currentTarget }) => setEdit({ text: currentTarget.value, version })}
      />
      <Problems error={isProblem(save.error, 'entry-changed') ? null : save.error} />
      <Problems error={attempt.error} />
      {edit !== null && stored.version !== edit.version && (
        <Newer stored={stored} onKeep={() => setEdit({ text, version: stored.version })} onDrop={() => setEdit(null)} />
      )}
      <div className={forms.buttons}>
        <Button size="xs" type="submit" loading={save.isPending} disabled={!unsaved}>
          Save
        </Button>
        <Button size="xs" variant="default" loading={attempt.isPending} onClick={() => attempt.mutate()}>
          Try on the alerts of the last week
        </Button>
        {unsaved && (
          <Button size="xs" variant="default" onClick={() => setEdit(null)}>
            Drop my changes
          </Button>
        )}
      </div>
      {attempt.data !== undefined && <Difference found={attempt.data} />}
      <LeaveGuard unsaved={unsaved} />
    </form>
  );
}

interface NewerProps {
  readonly stored: CorrelationRules;
  readonly onKeep: () => void;
  readonly onDrop: () => void;
}

/** Somebody else stored a version meanwhile; its text stands here, to be compared. */
function Newer({ stored, onKeep, onDrop }: NewerProps) {
  return (
    <div className={classes.panel}>
      <Problem text={`${stored.actor} stored version ${stored.version} meanwhile:`} />
      <pre className={classes.source}>{stored.source}</pre>
      <div className={forms.buttons}>
        <Button size="xs" onClick={onKeep}>
          Mine shall follow it
        </Button>
        <Button size="xs" variant="default" onClick={onDrop}>
          Take it, drop mine
        </Button>
      </div>
    </div>
  );
}

function Difference({ found }: { found: RulesDifference }) {
  const same = found.only_now.length === 0 && found.only_then.length === 0;
  return (
    <section className={classes.panel} role="status" aria-label="What would differ">
      <h2>
        {found.alerts} alerts: {found.incidents_now} incidents now, {found.incidents_then} with these rules
      </h2>
      {same && <p className={forms.hint}>Every incident would be the same.</p>}
      <Groups title="No longer" groups={found.only_now} />
      <Groups title="Instead" groups={found.only_then} />
    </section>
  );
}

function Groups({ title, groups }: { title: string; groups: RulesDifference['only_now'] }) {
  if (groups.length === 0) return null;
  return (
    <>
      <h3 className={classes.group}>{title}</h3>
      <ul className={classes.groups}>
        {groups.map(({ service, alerts }, place) => (
          <li key={place}>
            {service}, {alerts} {alerts === 1 ? 'alert' : 'alerts'}
          </li>
        ))}
      </ul>
    </>
  );
}
