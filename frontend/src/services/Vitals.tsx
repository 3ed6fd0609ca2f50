import { useSamples } from '../live/hooks';
import type { Sample } from '../live/stats';
import { bytes, percent } from '../time/format';
import { Sparkline } from './Sparkline';
import classes from './Vitals.module.css';

const cpu = (sample: Sample): number => sample.stats.cpu_percent;
const memory = (sample: Sample): number => sample.stats.memory_bytes;

/** CPU and memory of the last minute, while the service runs and its card is on screen. */
export function Vitals({ name, running }: { name: string; running: boolean }) {
  const samples = useSamples(name);
  const newest = running ? samples.at(-1) : undefined;
  const shown = newest === undefined ? [] : samples;
  return (
    <div className={classes.vitals}>
      <Vital label="CPU" figure={newest && percent(cpu(newest))}>
        <Sparkline samples={shown} value={cpu} ceiling={5} />
      </Vital>
      <Vital label="MEM" figure={newest && bytes(memory(newest))}>
        <Sparkline samples={shown} value={memory} ceiling={1} />
      </Vital>
    </div>
  );
}

interface VitalProps {
  label: string;
  figure: string | undefined;
  children: React.ReactNode;
}

function Vital({ label, figure, children }: VitalProps) {
  return (
    <div className={classes.vital}>
      <span className={classes.label}>{label}</span>
      <span className={classes.figure}>{figure ?? '–'}</span>
      <span className={classes.chart}>{children}</span>
    </div>
  );
}
