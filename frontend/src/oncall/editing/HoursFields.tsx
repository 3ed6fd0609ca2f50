import { Switch } from '@mantine/core';
import type { WeeklyHours } from '../../api/oncall';
import { ChipsField } from '../../forms/ChipsField';
import { TextField } from '../../forms/fields';
import forms from '../../forms/Form.module.css';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((label, day) => ({ value: String(day), label }));
const OFFICE: WeeklyHours = { start: '09:00', end: '17:00', weekdays: [0, 1, 2, 3, 4] };

interface HoursFieldsProps {
  readonly path: string;
  /** What they restrict: "Only in certain hours". */
  readonly label: string;
  readonly hours: WeeklyHours | null;
  readonly onSet: (hours: WeeklyHours | null) => void;
}

/** Hours of the week, or none. */
export function HoursFields({ path, label, hours, onSet }: HoursFieldsProps) {
  return (
    <>
      <Switch
        size="xs"
        label={label}
        checked={hours !== null}
        onChange={({ currentTarget }) => onSet(currentTarget.checked ? OFFICE : null)}
      />
      {hours !== null && (
        <div className={forms.fields}>
          <TextField
            path={`${path}.start`}
            label="From"
            type="time"
            value={hours.start.slice(0, 5)}
            onSet={(start) => onSet({ ...hours, start })}
          />
          <TextField
            path={`${path}.end`}
            label="Until, if earlier on the next day"
            type="time"
            value={hours.end.slice(0, 5)}
            onSet={(end) => onSet({ ...hours, end })}
          />
          <ChipsField
            path={`${path}.weekdays`}
            label="On"
            data={WEEKDAYS}
            chosen={hours.weekdays.map(String)}
            onSet={(days) => onSet({ ...hours, weekdays: days.map(Number).sort((left, right) => left - right) })}
          />
        </div>
      )}
    </>
  );
}
