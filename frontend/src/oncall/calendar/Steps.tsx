import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { HERE } from '../../time/zones';
import type { Days } from './useSpan';
import classes from './Steps.module.css';

/** Moves a calendar, and says by which clocks it is drawn. */
export function Steps({ days, zone }: { days: Days; zone: string }) {
  const { step, go } = days;
  return (
    <div className={classes.steps}>
      <ActionIcon variant="default" aria-label="Earlier" onClick={() => go(step - 1)}>
        <IconChevronLeft size={15} />
      </ActionIcon>
      <Button variant="default" size="compact-sm" disabled={step === 0} onClick={() => go(0)}>
        Today
      </Button>
      <ActionIcon variant="default" aria-label="Later" onClick={() => go(step + 1)}>
        <IconChevronRight size={15} />
      </ActionIcon>
      <span className={classes.zone}>
        {zone === HERE ? `Times of ${HERE}` : `Drawn in your time, ${HERE}; its handoffs are times of ${zone}`}
      </span>
    </div>
  );
}
