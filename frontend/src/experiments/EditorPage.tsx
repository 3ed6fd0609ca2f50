import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { exportExperiment, readExperiment } from '../api/experiments';
import { EMPTY } from './drafts';
import { Form } from './Form';
import { JsonEditor } from './JsonEditor';
import { Problems } from '../forms/Problems';
import classes from './Experiments.module.css';

/** Writes an experiment, or changes one: as a form, or as text in the Chaos Toolkit's format. */
export default function EditorPage() {
  const { name = null } = useParams();
  const [as, setAs] = useState('form');
  const known = useQuery({
    queryKey: ['experiments', 'one', name],
    queryFn: ({ signal }) => readExperiment(name ?? '', signal),
    enabled: name !== null,
  });
  const text = useQuery({
    queryKey: ['experiments', 'text', name],
    queryFn: ({ signal }) => exportExperiment(name ?? '', signal),
    enabled: name !== null && as === 'json',
  });
  const copied = known.data?.of_library === true;
  const start = known.data === undefined ? EMPTY : known.data.document;
  const waits = name !== null && known.data === undefined;
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1 className={classes.title}>{name === null ? 'New experiment' : start.title}</h1>
        <SegmentedControl
          size="xs"
          aria-label="Edit as"
          value={as}
          onChange={setAs}
          data={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
        />
      </div>
      <Problems error={known.error ?? text.error} />
      {copied && <p className={classes.hint}>The library is not changed: give your copy a name of its own.</p>}
      {!waits && as === 'form' && (
        <Form
          key={name}
          start={copied ? { ...start, name: `${start.name}-copy` } : start}
          isNew={name === null || copied}
        />
      )}
      {as === 'json' && (name === null || text.data !== undefined) && (
        <JsonEditor key={name} start={text.data ?? ''} isNew={name === null || copied} />
      )}
    </div>
  );
}
