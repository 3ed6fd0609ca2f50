import { Button } from '@mantine/core';
import type { Incident } from '../api/incidents';
import { useLink } from '../live/hooks';
import type { Steps } from './useSteps';
import { STEPS } from './words';
import classes from './Incidents.module.css';

/** The steps that the status machine allows from here. */
export function StepButtons({ incident, steps }: { incident: Incident; steps: Steps }) {
  const live = useLink() === 'live';
  return (
    <div className={classes.steps}>
      {STEPS[incident.status].map(({ to, label }) => (
        <Button
          key={to}
          size="xs"
          variant={to === 'resolved' ? 'default' : 'filled'}
          loading={steps.pending === incident.id}
          disabled={!live}
          aria-label={`${label} incident ${incident.number}`}
          onClick={() => steps.edit(incident.id, { status: to })}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
