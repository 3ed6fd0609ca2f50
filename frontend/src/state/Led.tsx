import {
  IconAlertTriangleFilled,
  IconCircleFilled,
  IconLoader2,
  IconPlayerPauseFilled,
  IconQuestionMark,
  IconRepeat,
  IconTool,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Look } from './language';
import classes from './Led.module.css';

const ICONS: Record<Look, ComponentType<{ size: number; stroke: number }>> = {
  up: IconCircleFilled,
  busy: IconLoader2,
  degraded: IconAlertTriangleFilled,
  unhealthy: IconAlertTriangleFilled,
  down: IconX,
  looping: IconRepeat,
  paused: IconPlayerPauseFilled,
  unknown: IconQuestionMark,
  misconfigured: IconTool,
};

interface LedProps {
  look: Look;
  size?: number;
}

/** The state's icon in its colour. Always beside its word: colour and icon never stand alone. */
export function LedIcon({ look, size = 14 }: LedProps) {
  const Icon = ICONS[look];
  return (
    <span className={classes.led} data-look={look} aria-hidden="true">
      <Icon size={look === 'up' ? size - 4 : size} stroke={look === 'down' ? 3.2 : 2.2} />
    </span>
  );
}
