import { Listed } from '../lists/Listed';
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
  const away = problem && `Older actions cannot be read now: ${problem} What happens now still shows here.`;
  return (
    <Listed
      count={actions.length}
      loading={loading}
      problem={away}
      more={more}
      nothing={<p className={classes.empty}>{empty}</p>}
    >
      <ActionTable actions={actions} withService={withService} />
    </Listed>
  );
}
