import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { readRules } from '../api/incidents';
import { replayDraft } from '../api/replay';
import { Problems } from '../forms/Problems';
import { beginnings } from './drafts';
import { Frame } from './Frame';
import { Replayed } from './Replayed';
import { useEntries } from './useEntries';
import classes from './OnCall.module.css';

const PERIODS = [
  { value: '1', label: 'the last day' },
  { value: '7', label: 'the last 7 days' },
  { value: '30', label: 'the last 30 days' },
];

/** `/oncall/replay`: which incidents and who would be paged differ under a draft. */
export default function ReplayPage() {
  const [text, setText] = useState('');
  const [days, setDays] = useState('7');
  const { mutate, data, error, isPending } = useMutation({ mutationFn: () => replayDraft(text, Number(days)) });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate();
  };
  return (
    <Frame title="What would have been">
      <form className={classes.panel} onSubmit={submit} aria-label="Replay a draft">
        <div className={classes.form}>
          <Beginning begin={setText} />
          <NativeSelect
            size="xs"
            label="Live through again"
            data={PERIODS}
            value={days}
            onChange={(event) => {
              setDays(event.currentTarget.value);
            }}
          />
          <Button size="xs" type="submit" loading={isPending}>
            Replay
          </Button>
        </div>
        <Textarea
          mt={10}
          label="Draft"
          description="YAML or JSON: rules, teams, schedules, escalation_policies; what is left out stays. Nothing is stored, nobody is paged."
          autosize
          minRows={8}
          maxRows={24}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mono)', fontSize: '12.5px' } }}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <Problems error={error} />
      </form>
      {data && <Replayed difference={data} />}
    </Frame>
  );
}

/** Puts what holds now into the draft, to be changed. */
function Beginning({ begin }: { begin: (text: string) => void }) {
  const policies = useEntries('escalation-policies').items;
  const schedules = useEntries('schedules').items;
  const teams = useEntries('teams').items;
  const rules = useQuery({ queryKey: ['incidents', 'rules'], queryFn: ({ signal }) => readRules(signal) });
  const drafts = beginnings({ policies, schedules, teams, rules: rules.data?.source ?? '' });
  return (
    <NativeSelect
      size="xs"
      label="Begin with"
      data={[{ value: '', label: 'an empty draft' }, ...drafts.map(({ word }) => ({ value: word, label: word }))]}
      onChange={(event) => {
        begin(drafts.find(({ word }) => word === event.currentTarget.value)?.text ?? '');
      }}
    />
  );
}
