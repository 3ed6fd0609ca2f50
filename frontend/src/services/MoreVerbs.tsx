import { Menu, Text } from '@mantine/core';
import {
  IconBolt,
  IconDots,
  IconFlame,
  IconPlayerPauseFilled,
  IconPlayerTrackNextFilled,
  IconRotateClockwise,
} from '@tabler/icons-react';
import { useRef, type ComponentType } from 'react';
import type { Service, Verb } from '../api/types';
import { usePending } from '../actions/desk';
import { objection, VERB_LABELS } from '../actions/policy';
import { useLink } from '../live/hooks';
import classes from './VerbBar.module.css';

type RareVerb = Extract<Verb, 'restart' | 'kill' | 'pause' | 'unpause'>;

const ICONS: Record<RareVerb, ComponentType<{ size: number }>> = {
  restart: IconRotateClockwise,
  pause: IconPlayerPauseFilled,
  unpause: IconPlayerTrackNextFilled,
  kill: IconBolt,
};

interface MoreVerbsProps {
  service: Service;
  onPress: (verb: Verb) => void;
  onFaults: () => void;
}

/** The rarer verbs. Those that cannot be used now say why in the menu itself. */
export function MoreVerbs({ service, onPress, onFaults }: MoreVerbsProps) {
  const link = useLink();
  const pending = usePending(service.name);
  const opener = useRef<HTMLButtonElement>(null);
  const verbs: RareVerb[] = ['restart', service.state === 'paused' ? 'unpause' : 'pause', 'kill'];
  return (
    // The menu's own return of the focus comes late and would take it from a confirmation.
    <Menu position="top-end" returnFocus={false} onClose={() => opener.current?.focus({ preventScroll: true })}>
      <Menu.Target>
        <button ref={opener} type="button" className={classes.more} aria-label={`More verbs of ${service.name}`}>
          <IconDots size={16} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {verbs.map((verb) => {
          const Icon = ICONS[verb];
          const blocked = pending === undefined ? objection(verb, service, link) : `${VERB_LABELS[pending]} is running`;
          return (
            <Menu.Item
              key={verb}
              leftSection={<Icon size={14} />}
              disabled={blocked !== null}
              aria-label={`${VERB_LABELS[verb]} ${service.name}`}
              onClick={() => onPress(verb)}
            >
              {VERB_LABELS[verb]}
              {blocked !== null && (
                <Text size="xs" c="dimmed">
                  {blocked}
                </Text>
              )}
            </Menu.Item>
          );
        })}
        <Menu.Item
          leftSection={<IconFlame size={14} />}
          disabled={link !== 'live' || service.protected}
          aria-label={`Faults of ${service.name}`}
          onClick={onFaults}
        >
          Faults…
          {service.protected && (
            <Text size="xs" c="dimmed">
              {service.name} is protected
            </Text>
          )}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
