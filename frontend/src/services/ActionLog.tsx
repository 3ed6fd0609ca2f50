import { IconFirstAidKit } from '@tabler/icons-react';
import { memo, useLayoutEffect, useRef } from 'react';
import type { Action } from '../api/types';
import { VERB_LABELS } from '../actions/policy';
import { useActions } from '../live/hooks';
import { clockTime, duration, exactTime } from '../time/format';
import classes from './ActionLog.module.css';

/** What a line says: the backend's words, or that the verb still runs. */
export function lineText(action: Action): string {
  if (action.message !== '') return action.message;
  const verb = VERB_LABELS[action.verb];
  return action.outcome === 'running' ? `${verb} is running…` : `${verb} ${action.outcome}`;
}

function lineTitle(action: Action): string {
  const took = action.duration_ms === null ? '' : `, took ${duration(action.duration_ms)}`;
  return `${exactTime(action.started_at)} · ${action.verb} by ${action.actor} (${action.source}) · ${action.outcome}${took}`;
}

interface ActionLogProps {
  service: string;
  /** Lines the service itself wrote before it died, shown above the actions. */
  lastWords: readonly string[];
}

/** The actions on a service as they happen, newest at the bottom and in sight. */
export const ActionLog = memo(function ActionLog({ service, lastWords }: ActionLogProps) {
  const actions = useActions(service);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [actions, lastWords]);
  const empty = actions.length === 0 && lastWords.length === 0;
  return (
    <div
      ref={box}
      className={classes.log}
      role="log"
      aria-live="polite"
      aria-label={`Actions on ${service}`}
      tabIndex={0}
      data-testid={`log-${service}`}
    >
      {empty && <p className={classes.empty}>No actions yet</p>}
      {lastWords.map((line, index) => (
        <p key={`${index}:${line}`} className={classes.words} title={line}>
          {line}
        </p>
      ))}
      {actions.map((action) => (
        <p
          key={action.id}
          className={classes.line}
          data-outcome={action.outcome}
          data-verb={action.verb}
          title={lineTitle(action)}
        >
          <time dateTime={action.started_at}>{clockTime(action.started_at)}</time>
          <span className={classes.text}>
            {action.verb === 'remediate' && <IconFirstAidKit className={classes.kit} size={12} aria-hidden="true" />}
            {lineText(action)} <span className={classes.actor}>{action.actor}</span>
          </span>
        </p>
      ))}
    </div>
  );
});
