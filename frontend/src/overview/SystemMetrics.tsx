import type { ReactNode } from 'react';
import { useSystem } from '../live/hooks';
import { bytes, percent } from '../time/format';
import { Meter } from './Meter';
import classes from './SystemMetrics.module.css';

/** The host itself: CPU, RAM and disk, each with what is left. */
export function SystemMetrics() {
  const system = useSystem();
  return (
    <section className={classes.window} aria-labelledby="system-metrics" data-testid="system-metrics">
      <h2 id="system-metrics" className={classes.title}>
        System metrics
      </h2>
      {system === null ? (
        <p className={classes.away}>The backend has not measured the host yet.</p>
      ) : (
        <div className={classes.gauges}>
          <Gauge label="CPU" used={1 - system.cpu.free_percent / 100}>
            <Figure name="units" value={String(system.cpu.units)} />
            <Figure name="free" value={percent(system.cpu.free_percent)} strong />
          </Gauge>
          <SizeGauge label="RAM" {...system.ram} />
          <SizeGauge label="Disk" {...system.disk} />
        </div>
      )}
    </section>
  );
}

function SizeGauge({ label, total, free }: { label: string; total: number; free: number }) {
  return (
    <Gauge label={label} used={total === 0 ? 0 : 1 - free / total}>
      <Figure name="total" value={bytes(total)} />
      <Figure name="free" value={bytes(free)} strong />
    </Gauge>
  );
}

function Gauge({ label, used, children }: { label: string; used: number; children: ReactNode }) {
  return (
    <div className={classes.gauge} data-testid={`system-${label.toLowerCase()}`}>
      <div className={classes.row}>
        <span className={classes.label}>{label}</span>
        {children}
      </div>
      <Meter label={`${label} used`} used={used} />
    </div>
  );
}

function Figure({ name, value, strong = false }: { name: string; value: string; strong?: boolean }) {
  return (
    <span className={classes.figure} data-strong={strong || undefined}>
      <span className={classes.name}>{name}</span> {value}
    </span>
  );
}
