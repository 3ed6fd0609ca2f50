import { IconBolt } from '@tabler/icons-react';
import type { Run } from '../api/experiments';
import { useTicking } from '../time/clock';
import { faultsOf, type FaultSpan } from './faults';
import classes from './Experiments.module.css';

/** The faults of now, each with what is left of its lease. */
export function Leases({ run }: { run: Run }) {
  const active = faultsOf(run).filter((fault) => fault.end === null);
  if (active.length === 0) return null;
  return (
    <ul className={classes.leases} aria-label="Active faults">
      {active.map((fault) => (
        <Lease key={fault.id} fault={fault} />
      ))}
    </ul>
  );
}

function Lease({ fault }: { fault: FaultSpan }) {
  const left = useTicking((now) => {
    const seconds = Math.ceil((fault.lease - now) / 1_000);
    return seconds > 0 ? `${seconds} s left` : 'lease over';
  });
  return (
    <li className={classes.lease}>
      <IconBolt size={14} aria-hidden="true" />
      {fault.name} on {fault.target} <strong className={classes.left}>{left}</strong>
    </li>
  );
}
