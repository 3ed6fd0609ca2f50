import { Button, Checkbox, Group, Modal, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { beginRun, previewRun, type Preview } from '../api/experiments';
import { useLink } from '../live/hooks';
import { Problems } from '../forms/Problems';
import classes from './Experiments.module.css';

/** Asks with a dry run first: what would be done, whom it touches, and what speaks against it. */
export function RunButton({ name, title }: { name: string; title: string }) {
  const [open, setOpen] = useState(false);
  const lost = useLink() === 'lost';
  const preview = useMutation({ mutationFn: () => previewRun(name) });
  return (
    <>
      <Button
        variant="filled"
        size="xs"
        disabled={lost}
        aria-label={`Run ${title}`}
        onClick={() => {
          preview.mutate();
          setOpen(true);
        }}
      >
        Run…
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={title} centered size="lg">
        <Problems error={preview.error} />
        {preview.isPending && <Text c="dimmed">Asking what it would do…</Text>}
        {preview.data !== undefined && <Question name={name} preview={preview.data} onClose={() => setOpen(false)} />}
      </Modal>
    </>
  );
}

function Question({ name, preview, onClose }: { name: string; preview: Preview; onClose: () => void }) {
  const navigate = useNavigate();
  const [touchIncidents, setTouchIncidents] = useState(false);
  const run = useMutation({
    mutationFn: () => beginRun(name, touchIncidents),
    onSuccess: (begun) => void navigate(`/runs/${begun.id}`),
  });
  const liftable = preview.lifted_by_touch_incidents;
  const objections = preview.objections.filter((each) => !touchIncidents || !liftable.includes(each));
  const refused = objections.length > 0;
  return (
    <>
      {refused && (
        <div className={classes.objections} role="alert">
          <strong>It cannot run now:</strong>
          <ul>
            {objections.map((objection) => (
              <li key={objection}>{objection}</li>
            ))}
          </ul>
        </div>
      )}
      {liftable.length > 0 && (
        <Checkbox
          size="xs"
          mb="xs"
          label="Touch it all the same, although it may be in an incident"
          checked={touchIncidents}
          onChange={(event) => setTouchIncidents(event.currentTarget.checked)}
        />
      )}
      <p className={classes.hint}>
        Touches <strong>{preview.targets.join(', ')}</strong>
        {preview.affected.length > 0 && <>, on which {preview.affected.join(', ')} stand</>}. Takes at least{' '}
        {preview.method_seconds} s.
      </p>
      <ol className={classes.steps} aria-label="What would be done">
        {preview.steps.map((step, place) => (
          <li key={place}>
            <span className={classes.at}>{step.at_seconds} s</span>
            <span>
              {step.what}
              {step.effect !== '' && <span className={classes.effect}>{step.effect}</span>}
              {step.mechanism !== '' && (
                <span className={classes.faint}>
                  {' '}
                  by {step.mechanism}, lease {step.lease_seconds} s
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      <Problems error={run.error} />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <Button variant="filled" disabled={refused} loading={run.isPending} onClick={() => run.mutate()}>
          Run it
        </Button>
      </Group>
    </>
  );
}
