import { CloseButton, Switch, TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import type { Filters } from './useFilters';
import classes from './Toolbar.module.css';

interface ToolbarProps {
  filters: Filters;
  shown: number;
  total: number;
  /** What is down has changed, but the cards stay where somebody works on them. */
  held: boolean;
}

/** Narrows down and reorders the cards. */
export function Toolbar({ filters, shown, total, held }: ToolbarProps) {
  const { query, setQuery, pinDown, setPinDown } = filters;
  return (
    <div className={classes.bar} role="search">
      <TextInput
        className={classes.filter ?? ''}
        size="xs"
        data-filter
        aria-label="Filter services"
        placeholder="Filter by name, group, image or state"
        leftSection={<IconFilter size={14} />}
        rightSection={
          query === '' ? null : <CloseButton size="xs" aria-label="Clear the filter" onClick={() => setQuery('')} />
        }
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <Switch
        size="xs"
        label="Pin what is down first"
        checked={pinDown}
        onChange={(event) => setPinDown(event.currentTarget.checked)}
      />
      {held && <span className={classes.held}>Order kept while you are among the cards</span>}
      <span className={classes.count} role="status">
        {shown === total ? `${total} services` : `${shown} of ${total} services`}
      </span>
    </div>
  );
}
