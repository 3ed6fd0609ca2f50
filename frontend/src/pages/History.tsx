import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ActionTable } from './ActionTable';
import type { ActionHistory } from './useActionHistory';
import classes from './History.module.css';

interface HistoryProps {
  history: ActionHistory;
  withService: boolean;
  /** What to say when there is none. */
  empty: string;
}

/** An action history in each of its states: loading, partly away, empty, shown. */
export function History({ history, withService, empty }: HistoryProps) {
  const { actions, loading, problem, more } = history;
  return (
    <>
      {problem !== null && (
        <p className={classes.problem} role="status">
          <IconAlertTriangle size={16} aria-hidden="true" />
          Older actions cannot be read now: {problem} What happens now still shows here.
        </p>
      )}
      {actions.length > 0 && <ActionTable actions={actions} withService={withService} />}
      {actions.length === 0 && loading && <Skeleton height={220} radius={6} />}
      {actions.length === 0 && !loading && problem === null && <p className={classes.empty}>{empty}</p>}
      {more !== null && (
        <Button variant="default" size="xs" mt="sm" onClick={more}>
          Show older
        </Button>
      )}
    </>
  );
}
