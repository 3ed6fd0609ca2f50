import { IconBolt } from '@tabler/icons-react';
import type { Fault } from '../api/faults';
import { useFaultsOn } from '../live/hooks';
import { useTicking } from '../time/clock';
import { exactTime } from '../time/format';
import { countdown, faultName, nearest } from './words';
import classes from './FaultMark.module.css';

/** The mark of a service that is hurt on purpose: which fault, and how long still. Nothing for the others. */
export function FaultMark({ service }: { service: string }) {
  const faults = useFaultsOn(service);
  const first = nearest(faults);
  return first === undefined ? null : <Mark fault={first} more={faults.length - 1} />;
}

function Mark({ fault, more }: { fault: Fault; more: number }) {
  const left = useTicking((now) => countdown(fault, now));
  const title = fault.ends_at === null ? undefined : `until ${exactTime(fault.ends_at)}`;
  return (
    <span className={classes.mark} data-testid={`fault-${fault.service}`} title={title}>
      <IconBolt size={13} aria-hidden="true" />
      <span className={classes.name}>{faultName(fault.kind)}</span>
      <span className={classes.left}>{left}</span>
      {more > 0 && <span>+{more}</span>}
    </span>
  );
}
