import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { importExperiment } from '../api/experiments';
import { Problems } from '../forms/Problems';
import classes from './Experiments.module.css';

/** An experiment as text in the Chaos Toolkit's format; a file can be pasted as it is. */
export function JsonEditor({ start, isNew }: { start: string; isNew: boolean }) {
  const [text, setText] = useState(start);
  const navigate = useNavigate();
  const check = useMutation({ mutationFn: () => importExperiment(text, 'check') });
  const save = useMutation({
    mutationFn: () => importExperiment(text, isNew ? 'add' : 'replace'),
    onSuccess: ({ document }) => void navigate(`/experiments/${document.name}`),
  });
  return (
    <div className={classes.form}>
      <Textarea
        className={classes.json ?? ''}
        label="Experiment in the Chaos Toolkit's format"
        autosize
        minRows={16}
        maxRows={32}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          check.reset();
          save.reset();
          setText(event.currentTarget.value);
        }}
      />
      <Problems error={save.error ?? check.error} />
      {check.isSuccess && <p role="status">It is valid: {check.data.document.title}.</p>}
      <div className={classes.buttons}>
        <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Check
        </Button>
        <Button variant="filled" size="xs" loading={save.isPending} onClick={() => save.mutate()}>
          {isNew ? 'Import' : 'Save'}
        </Button>
      </div>
    </div>
  );
}
