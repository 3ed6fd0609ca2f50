import { TextInput } from '@mantine/core';
import { useTypedParam } from '../keys/useTypedParam';

interface TypedParamProps {
  /** In the address. */
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  /** This is where `/` goes. */
  readonly search?: boolean;
}

/** A filter that is typed and lives in the address. */
export function TypedParam({ name, label, placeholder, search = false }: TypedParamProps) {
  const [value, type] = useTypedParam(name);
  return (
    <TextInput
      size="xs"
      label={label}
      placeholder={placeholder}
      data-filter={search || undefined}
      value={value}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}
