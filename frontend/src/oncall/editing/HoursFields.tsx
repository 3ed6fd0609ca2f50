import { Chip, Switch } from '@mantine/core';
import type { WeeklyHours } from '../../api/oncall';
import { TextField } from '../../forms/fields';
import forms from '../../forms/Form.module.css';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
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
            label="Until"
            description="before the start: on the next day"
            type="time"
            value={hours.end.slice(0, 5)}
            onSet={(end) => onSet({ ...hours, end })}
          />
          <Weekdays chosen={hours.weekdays} onSet={(weekdays) => onSet({ ...hours, weekdays })} />
        </div>
      )}
    </>
  );
}

function Weekdays({ chosen, onSet }: { chosen: readonly number[]; onSet: (days: readonly number[]) => void }) {
  return (
    <div role="group" aria-label="Days of the week" className={forms.days}>
      <Chip.Group
        multiple
        value={chosen.map(String)}
        onChange={(days: string[]) => onSet(days.map(Number).sort((left, right) => left - right))}
      >
        {WEEKDAYS.map((name, day) => (
          <Chip key={name} size="xs" variant="outline" value={String(day)}>
            {name}
          </Chip>
        ))}
      </Chip.Group>
    </div>
  );
}
