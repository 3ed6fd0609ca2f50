import { Button, Popover } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { stopChaos } from '../api/faults';
import { Problem } from '../frame/Problem';
import { useFaults } from '../live/hooks';
import { useTicking } from '../time/clock';
import { FaultList } from './FaultList';
import { countdown, nearest } from './words';
import classes from './FaultChip.module.css';

/** How many faults there are and when the next one ends; opens the list of them and the emergency stop. */
export function FaultChip() {
  const faults = [...useFaults().values()].flat();
  const [opened, setOpened] = useState(false);
  const queries = useQueryClient();
  const stop = useMutation({
    mutationFn: () => stopChaos('stopped from the panel'),
    onSettled: () => queries.invalidateQueries(),
  });
  const first = nearest(faults);
  const left = useTicking((now) => (first === undefined ? '' : countdown(first, now)));
  if (first === undefined) return null;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.chip}
          data-testid="active-faults"
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <IconBolt size={14} aria-hidden="true" />
          {`${faults.length} `}
          <span className={classes.words}>
            {faults.length === 1 ? 'fault' : 'faults'} · {left}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Active faults">
        <FaultList faults={faults} named />
        <Problem text={stop.error === null ? null : stop.error.message} />
        <Button fullWidth mt="sm" size="xs" color="red" loading={stop.isPending} onClick={() => stop.mutate()}>
          Emergency stop: undo all, allow no more
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
