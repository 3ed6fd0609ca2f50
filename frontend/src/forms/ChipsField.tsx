import { Chip, Input } from '@mantine/core';
import { useId } from 'react';
import { useFieldError } from './fields';
import classes from './Form.module.css';

interface ChipsFieldProps {
  readonly path: string;
  readonly label: string;
  readonly data: readonly { readonly value: string; readonly label: string }[];
  readonly chosen: readonly string[];
  readonly onSet: (chosen: string[]) => void;
}

/** Several of a few, all of them in sight. */
export function ChipsField({ path, label, data, chosen, onSet }: ChipsFieldProps) {
  const error = useFieldError(path);
  const id = useId();
  return (
    <Input.Wrapper size="xs" label={label} labelElement="div" labelProps={{ id }} error={error}>
      <div role="group" aria-labelledby={id} className={classes.chips}>
        <Chip.Group multiple value={[...chosen]} onChange={onSet}>
          {data.map((option) => (
            <Chip key={option.value} size="xs" variant="outline" value={option.value}>
              {option.label}
            </Chip>
          ))}
        </Chip.Group>
      </div>
    </Input.Wrapper>
  );
}
