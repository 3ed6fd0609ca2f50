import { useMemo } from 'react';
import { ChoiceField } from './fields';
import { zonesWith } from '../time/zones';

interface ZoneFieldProps {
  readonly value: string;
  readonly description?: string;
  readonly onSet: (zone: string) => void;
}

/** A time zone by its IANA name. */
export function ZoneField({ value, onSet, description = '' }: ZoneFieldProps) {
  return (
    <ChoiceField
      path="zone"
      label="Time zone"
      description={description}
      data={useMemo(() => zonesWith(value), [value])}
      value={value}
      onSet={(zone) => onSet(zone ?? value)}
    />
  );
}
