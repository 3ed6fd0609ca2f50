import { Checkbox } from '@mantine/core';
import { useEffect } from 'react';
import type { ChecklistPhase, IncidentDetail } from '../api/incidents';
import { useLink } from '../live/hooks';
import { Ago } from '../time/Ago';
import { Panel } from '../frame/Panel';
import { isBusyElsewhere } from './useStepKeys';
import type { Steps } from './useSteps';
import classes from './Story.module.css';

/** Done by the incident's being there. */
const DETECT = 'detect';

/** The six phases: who did which when. The keys 1 to 6 tick them. */
export function Checklist({ incident, steps }: { incident: IncidentDetail; steps: Steps }) {
  const live = useLink() === 'live';
  const { checklist } = incident;
  const toggle = ({ phase, done_at: done }: ChecklistPhase): void => {
    if (live && phase !== DETECT) steps.edit(incident.id, { checklist: { [phase]: done === null } });
  };
  usePhaseKeys(checklist, toggle);
  return (
    <Panel title="Checklist">
      <ol className={classes.list}>
        {checklist.map((item, place) => (
          <li key={item.phase} className={classes.phase}>
            <Checkbox
              size="xs"
              label={`${place + 1}. ${titled(item.phase)}`}
              description={item.meaning}
              checked={item.done_at !== null}
              disabled={!live || item.phase === DETECT}
              onChange={() => toggle(item)}
            />
            {item.done_at !== null && (
              <span className={classes.dim}>
                {item.done_by}, <Ago at={item.done_at} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

const titled = (phase: string): string => phase.charAt(0).toUpperCase() + phase.slice(1);

function usePhaseKeys(checklist: readonly ChecklistPhase[], toggle: (phase: ChecklistPhase) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const item = checklist[Number(event.key) - 1];
      if (item === undefined || isBusyElsewhere(event.target)) return;
      event.preventDefault();
      toggle(item);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [checklist, toggle]);
}
