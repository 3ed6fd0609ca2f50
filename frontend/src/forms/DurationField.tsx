import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { NumberField } from './fields';
import classes from './Form.module.css';

const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
type Unit = keyof typeof UNITS;
const NAMES = Object.keys(UNITS) as Unit[];

interface DurationFieldProps {
  readonly path: string;
  readonly label: string;
  readonly seconds: number;
  readonly onSet: (seconds: number) => void;
}

/** A length of time in the unit that suits it. */
export function DurationField({ path, label, seconds, onSet }: DurationFieldProps) {
  const [unit, setUnit] = useState(() => unitOf(seconds));
  const count = seconds / UNITS[unit];
  return (
    <div className={classes.duration}>
      <NumberField
        path={path}
        label={label}
        value={count}
        min={0}
        max={604_800}
        onSet={(value) => onSet(value * UNITS[unit])}
      />
      <NativeSelect
        size="xs"
        aria-label={`Unit of: ${label}`}
        data={NAMES}
        value={unit}
        onChange={({ currentTarget }) => {
          const chosen = NAMES.find((name) => name === currentTarget.value) ?? unit;
          setUnit(chosen);
          onSet(count * UNITS[chosen]);
        }}
      />
    </div>
  );
}

/** The coarsest unit of which it is a whole number. */
function unitOf(seconds: number): Unit {
  return NAMES.findLast((name) => seconds >= UNITS[name] && seconds % UNITS[name] === 0) ?? 'seconds';
}
