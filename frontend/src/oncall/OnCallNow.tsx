import { IconPhoneCall } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useCurrent } from './useEntries';
import classes from './OnCall.module.css';

/** Who answers now, in the top bar. Nothing while no schedule exists. */
export function OnCallNow() {
  const first = useCurrent()?.[0];
  if (first === undefined) return null;
  const gap = first.user === null ? 'down' : undefined;
  return (
    <Link className={classes.now} to="/oncall" data-look={gap} title={`On call by ${first.schedule}`}>
      <IconPhoneCall size={15} stroke={1.7} aria-hidden="true" />
      {first.user ?? 'Nobody on call'}
    </Link>
  );
}
