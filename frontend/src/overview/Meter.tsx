import classes from './Meter.module.css';

/** From these shares used on, a meter warns and alarms. */
const WARN = 0.85;
const ALARM = 0.95;

/** A share in use, 0 to 1, as a segmented bar. */
export function Meter({ label, used }: { label: string; used: number }) {
  const share = Math.min(1, Math.max(0, used));
  const level = share >= ALARM ? 'alarm' : share >= WARN ? 'warn' : 'calm';
  return (
    <div
      className={classes.meter}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      data-level={level}
      title={`${Math.round(share * 100)} % used`}
    >
      <div className={classes.fill} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
