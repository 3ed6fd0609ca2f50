import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useNavigate } from 'react-router';
import { describe } from '../api/client';
import { mergeIncident, type Incident } from '../api/incidents';
import { Problem } from '../frame/Problem';
import classes from './Incidents.module.css';

/** Makes an incident part of another, whose page is shown then. Its alerts go there, and it counts as resolved. */
export function MergeForm({ incident }: { incident: Incident }) {
  const [into, setInto] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const merge = useMutation({
    mutationFn: () => mergeIncident(incident.id, into.trim().replace(/^#/, '')),
    onSuccess: async (root) => {
      await navigate(`/incidents/${root.number}`);
      await queries.invalidateQueries({ queryKey: ['incidents'] });
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    merge.mutate();
  };
  return (
    <form className={classes.note} onSubmit={submit} aria-label="Merge">
      <TextInput
        size="xs"
        label="Part of incident"
        description="Its alerts go there, and it counts as resolved."
        placeholder="#41"
        required
        value={into}
        onChange={(event) => setInto(event.currentTarget.value)}
      />
      <Button size="xs" type="submit" variant="default" w="max-content" loading={merge.isPending}>
        Merge
      </Button>
      {merge.error !== null && <Problem text={describe(merge.error)} />}
    </form>
  );
}
