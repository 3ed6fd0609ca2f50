import { Loader, Tooltip } from '@mantine/core';
import type { ComponentType, Ref } from 'react';
import classes from './VerbButton.module.css';

interface VerbButtonProps {
  label: string;
  /** The full name for those who do not see on which card it stands: "Stop redis". */
  name: string;
  icon: ComponentType<{ size: number; stroke: number }>;
  /** Why it cannot be used now, or null. */
  blocked: string | null;
  busy: boolean;
  /** The one thing to do about this service now. */
  primary?: boolean;
  onPress: () => void;
  ref?: Ref<HTMLButtonElement>;
}

/**
 * A verb on a card. Blocked ones stay in the focus order and say why; a `disabled` attribute
 * would take the focus and the reason away from those who work by keyboard.
 */
export function VerbButton({
  label,
  name,
  icon: Icon,
  blocked,
  busy,
  primary = false,
  onPress,
  ref,
  ...rest
}: VerbButtonProps) {
  const usable = blocked === null && !busy;
  return (
    <Tooltip label={blocked} disabled={blocked === null || busy} events={{ hover: true, focus: true, touch: true }}>
      <button
        {...rest}
        ref={ref}
        type="button"
        className={classes.button}
        data-primary={primary || undefined}
        data-busy={busy || undefined}
        aria-label={name}
        aria-disabled={!usable}
        aria-busy={busy}
        onClick={usable ? onPress : undefined}
      >
        {busy ? <Loader size={12} color="currentColor" aria-hidden="true" /> : <Icon size={14} stroke={2} />}
        {label}
      </button>
    </Tooltip>
  );
}
