import { Button, NumberInput, SegmentedControl } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { addSchedule, type Timing } from '../api/experiments';
import { ChipsField } from '../forms/ChipsField';
import { TextField } from '../forms/fields';
import { Problems } from '../forms/Problems';
import { ZoneField } from '../forms/ZoneField';
import { HERE } from '../time/zones';
import { WEEKDAYS } from './words';
import classes from './Experiments.module.css';

type Cron = Extract<Timing, { type: 'cron' }>;
type Random = Extract<Timing, { type: 'random' }>;

const TUESDAYS_AT_TEN: Cron = { type: 'cron', cron: '0 10 * * 2', time_zone: HERE };
const IN_OFFICE_HOURS: Random = {
  type: 'random',
  seed: 1,
  begin: '09:00',
  end: '17:00',
  weekdays: [1, 2, 3, 4, 5],
  time_zone: HERE,
};
const DAYS = WEEKDAYS.map((label, place) => ({ value: String(place + 1), label }));

/** A further moment at which an experiment runs by itself. */
export function AddSchedule({ name, onAdded }: { name: string; onAdded: () => void }) {
  const [timing, setTiming] = useState<Timing>(TUESDAYS_AT_TEN);
  const add = useMutation({ mutationFn: () => addSchedule(name, timing), onSuccess: onAdded });
  return (
    <div className={classes.add}>
      <SegmentedControl
        size="xs"
        aria-label="Kind of schedule"
        value={timing.type}
        onChange={(type) =>
          setTiming({ ...(type === 'cron' ? TUESDAYS_AT_TEN : IN_OFFICE_HOURS), time_zone: timing.time_zone })
        }
        data={[
          { value: 'cron', label: 'Cron' },
          { value: 'random', label: 'At random' },
        ]}
      />
      {timing.type === 'cron' ? (
        <TextField path="cron" label="Cron" value={timing.cron} onSet={(cron) => setTiming({ ...timing, cron })} />
      ) : (
        <RandomFields timing={timing} onSet={setTiming} />
      )}
      <ZoneField value={timing.time_zone} onSet={(zone) => setTiming({ ...timing, time_zone: zone })} />
      <Button size="xs" variant="default" loading={add.isPending} onClick={() => add.mutate()}>
        Schedule
      </Button>
      <Problems error={add.error} />
    </div>
  );
}

function RandomFields({ timing, onSet }: { timing: Random; onSet: (timing: Random) => void }) {
  return (
    <>
      <ChipsField
        path="weekdays"
        label="Once on each"
        data={DAYS}
        chosen={timing.weekdays.map(String)}
        onSet={(days) => onSet({ ...timing, weekdays: days.map(Number).sort((left, right) => left - right) })}
      />
      <TextField
        path="begin"
        label="From"
        type="time"
        value={timing.begin}
        onSet={(begin) => onSet({ ...timing, begin })}
      />
      <TextField path="end" label="To" type="time" value={timing.end} onSet={(end) => onSet({ ...timing, end })} />
      <NumberInput
        size="xs"
        label="Seed"
        min={0}
        allowDecimal={false}
        value={timing.seed}
        onChange={(seed) => onSet({ ...timing, seed: Number(seed) })}
      />
    </>
  );
}
