import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { describe } from '../api/client';
import { reopenIncident, type Incident } from '../api/incidents';
import { Problem } from '../frame/Problem';
import { useLink } from '../live/hooks';
import { useTicking } from '../time/clock';

/** Opens a new incident in the place of one that was resolved lately, and shows it. Nothing once it is too late. */
export function ReopenButton({ incident }: { incident: Incident }) {
  const live = useLink() === 'live';
  const until = incident.reopen_until === null ? 0 : Date.parse(incident.reopen_until);
  const inTime = useTicking((now) => Number(now <= until)) === 1;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const reopen = useMutation({
    mutationFn: () => reopenIncident(incident.id),
    onSuccess: async (next) => {
      await navigate(`/incidents/${next.number}`);
      await queries.invalidateQueries({ queryKey: ['incidents'] });
    },
  });
  if (!inTime) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={reopen.isPending}
        disabled={!live}
        aria-label={`Reopen incident ${incident.number}`}
        onClick={() => reopen.mutate()}
      >
        Reopen
      </Button>
      <Problem text={reopen.error === null ? null : describe(reopen.error)} />
    </>
  );
}
