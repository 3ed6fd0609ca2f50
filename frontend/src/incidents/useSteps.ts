import { useMutation, useQueryClient } from '@tanstack/react-query';
import { editIncident, type IncidentEdit } from '../api/incidents';
import { describe } from '../api/client';

export interface Steps {
  /** `done` is called once it is kept. */
  readonly edit: (id: string, edit: IncidentEdit, done?: () => void) => void;
  /** The incident whose edit is not answered yet. */
  readonly pending: string | null;
  /** Why the last edit was refused, until the next. */
  readonly problem: string | null;
}

/** Edits of incidents; what is shown changes with the answer, never before. */
export function useSteps(): Steps {
  const queries = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ id, edit }: { id: string; edit: IncidentEdit }) => editIncident(id, edit),
    onSettled: () => queries.invalidateQueries({ queryKey: ['incidents'] }),
  });
  return {
    edit: (id, edit, done) => mutation.mutate({ id, edit }, { onSuccess: () => done?.() }),
    pending: mutation.isPending ? mutation.variables.id : null,
    problem: mutation.error === null ? null : describe(mutation.error),
  };
}
