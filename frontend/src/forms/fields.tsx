import { MultiSelect, NumberInput, Select, TextInput, type ComboboxData } from '@mantine/core';
import { createContext, useContext } from 'react';
import type { FieldError } from './problems';

/** What the backend has against the draft that is shown. */
export const FieldErrors = createContext<readonly FieldError[]>([]);

/** What is wrong with the field at this path, such as `methods.0.target`; false when nothing is. */
export function useFieldError(path: string): string | false {
  const reasons = useContext(FieldErrors).filter(({ field }) => field === path);
  return reasons.map(({ reason }) => reason).join('; ') || false;
}

interface Field<T> {
  /** Where the value lies in what is sent. */
  readonly path: string;
  readonly label: string;
  readonly value: T;
  readonly onSet: (value: T) => void;
  readonly description?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly disabled?: boolean;
}

interface TextFieldProps extends Field<string> {
  readonly type?: 'text' | 'date' | 'time' | 'datetime-local';
}

export function TextField({ path, onSet, ...shown }: TextFieldProps) {
  const error = useFieldError(path);
  return <TextInput size="xs" error={error} onChange={(event) => onSet(event.currentTarget.value)} {...shown} />;
}

/** A whole number. */
export function NumberField({ path, onSet, ...shown }: Field<number> & { readonly min: number; readonly max: number }) {
  const error = useFieldError(path);
  return (
    <NumberInput size="xs" error={error} allowDecimal={false} onChange={(value) => onSet(Number(value))} {...shown} />
  );
}

interface ChoiceFieldProps extends Field<string | null> {
  readonly data: ComboboxData;
  readonly clearable?: boolean;
}

/** More are found by typing. */
const LONGEST_DROPDOWN = 100;

/** One of many. */
export function ChoiceField({ path, onSet, clearable = false, ...shown }: ChoiceFieldProps) {
  const error = useFieldError(path);
  return (
    <Select
      size="xs"
      error={error}
      searchable
      clearable={clearable}
      allowDeselect={clearable}
      limit={LONGEST_DROPDOWN}
      nothingFoundMessage="None fits"
      onChange={onSet}
      {...shown}
    />
  );
}

/** Several of many, in the order in which they were chosen. */
export function ManyField({
  path,
  value,
  onSet,
  placeholder,
  ...shown
}: Field<readonly string[]> & { readonly data: ComboboxData }) {
  const error = useFieldError(path);
  return (
    <MultiSelect
      size="xs"
      error={error}
      searchable
      nothingFoundMessage="None fits"
      value={[...value]}
      placeholder={value.length === 0 ? (placeholder ?? '') : ''}
      onChange={onSet}
      {...shown}
    />
  );
}
