import { Spotlight } from '@mantine/spotlight';
import {
  IconArrowRight,
  IconBrightness,
  IconChevronRight,
  IconExternalLink,
  IconFirstAidKit,
  IconSearch,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAsked, useDesk } from '../actions/desk';
import { useLiveStore } from '../live/hooks';
import { useRemediation, useRemediationDesk } from '../remediation/desk';
import { planRemediation } from '../remediation/plan';
import { LedIcon } from '../state/Led';
import { findCommands, type Command } from './commands';
import { useThemeToggle } from './ThemeToggle';

/** Ctrl/Cmd-K: every place, service and verb by typing a part of its name. */
export function Palette() {
  const [query, setQuery] = useState('');
  const asked = useAsked();
  const { phase } = useRemediation();
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      clearQueryOnClose
      // A confirmation that a command opened has the focus next; it goes back after that.
      returnFocus={asked === null && phase.kind === 'idle'}
      scrollable
      maxHeight={420}
      centered
      transitionProps={{ duration: 100 }}
    >
      <Spotlight.Search
        placeholder="Service, verb or place…"
        aria-label="Search services and commands"
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        <Results query={query} />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Mounted only while the palette is open, so that nothing is searched while it is not. */
function Results({ query }: { query: string }) {
  const live = useLiveStore();
  const desk = useDesk();
  const remediation = useRemediationDesk();
  const navigate = useNavigate();
  const theme = useThemeToggle();
  const { view, link } = live.get();
  const commands = findCommands(query, { services: [...view.services.values()], link, nextTheme: theme.next });

  const perform = (command: Command): void => {
    if (command.kind === 'go') void navigate(command.path);
    else if (command.kind === 'open') window.open(command.url, '_blank', 'noreferrer');
    else if (command.kind === 'theme') theme.toggle();
    else if (command.kind === 'remediate') remediation.ask(planRemediation(live.get().view.services));
    else if (command.confirm) desk.ask(command.service, command.verb);
    else void desk.run(command.service, command.verb);
  };
  if (commands.length === 0) return <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>;
  return commands.map((command) => (
    <Spotlight.Action
      key={command.label}
      label={command.label}
      {...(command.hint === null ? {} : { description: command.hint })}
      leftSection={<CommandIcon command={command} />}
      disabled={'blocked' in command && command.blocked}
      onClick={() => perform(command)}
    />
  ));
}

function CommandIcon({ command }: { command: Command }) {
  if (command.kind === 'open') return <IconExternalLink size={15} stroke={1.7} />;
  if (command.kind === 'theme') return <IconBrightness size={15} stroke={1.7} />;
  if (command.kind === 'remediate') return <IconFirstAidKit size={15} stroke={1.7} />;
  if (command.kind === 'verb') return <IconChevronRight size={15} stroke={1.7} />;
  return command.look === null ? <IconArrowRight size={15} stroke={1.7} /> : <LedIcon look={command.look} size={15} />;
}
