import { ActionIcon, Kbd, Tooltip, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconKeyboard, IconSearch } from '@tabler/icons-react';
import { FaultChip } from '../faults/FaultChip';
import { useAbout } from './useAbout';
import { DownDependencies } from './DownDependencies';
import { LinkState } from './LinkState';
import { OpenIncidents } from '../incidents/OpenIncidents';
import { OnCallNow } from '../oncall/OnCallNow';
import { ThemeToggle } from './ThemeToggle';
import { WorstChip } from './WorstChip';
import classes from './TopBar.module.css';

/** What, where, how bad, how fresh; then search, keys and theme. */
export function TopBar({ onKeys }: { onKeys: () => void }) {
  const host = useAbout()?.engine?.host ?? window.location.hostname;
  return (
    <header className={classes.bar}>
      <span className={classes.product}>
        Incident<b>Ops</b>
      </span>
      <span className={classes.host} title="Host">
        {host}
      </span>
      <WorstChip />
      <OpenIncidents />
      <FaultChip />
      <DownDependencies />
      <OnCallNow />
      <span className={classes.space} />
      <LinkState />
      <UnstyledButton className={classes.search ?? ''} onClick={() => spotlight.open()}>
        <IconSearch size={15} aria-hidden="true" />
        <span className={classes.hint}>Search or command</span>
        <Kbd size="xs" aria-hidden="true" className={classes.kbd ?? ''}>
          Ctrl K
        </Kbd>
      </UnstyledButton>
      <Tooltip label="Keys">
        <ActionIcon
          className={classes.keys ?? ''}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Show the keys"
          onClick={onKeys}
        >
          <IconKeyboard size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <ThemeToggle />
    </header>
  );
}
