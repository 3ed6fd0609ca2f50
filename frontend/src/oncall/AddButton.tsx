import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';

/** The way to the form for a new entry. */
export function AddButton({ to, what }: { to: string; what: string }) {
  return (
    <Button component={Link} to={to} size="xs" w="fit-content" leftSection={<IconPlus size={14} />}>
      New {what}
    </Button>
  );
}
