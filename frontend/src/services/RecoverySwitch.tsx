import { useDesk, useSwitching } from '../actions/desk';
import type { Service } from '../api/types';
import { useLink } from '../live/hooks';
import classes from './RecoverySwitch.module.css';

/** Who brings the service back when it dies: the operator (manual), or remediation by itself (auto). */
export function RecoverySwitch({ service }: { service: Service }) {
  const desk = useDesk();
  const link = useLink();
  const switching = useSwitching(service.name);
  const auto = service.recovery_mode === 'auto';
  const usable = link === 'live' && !switching;
  return (
    <button
      type="button"
      role="switch"
      className={classes.switch}
      aria-checked={auto}
      aria-label={`Automatic recovery of ${service.name}`}
      aria-disabled={!usable}
      aria-busy={switching}
      title={auto ? 'Recovery: restarted by itself when it dies' : 'Recovery: waits for the operator when it dies'}
      onClick={usable ? () => void desk.switchRecovery(service.name, auto ? 'manual' : 'auto') : undefined}
    >
      <span className={classes.track} aria-hidden="true" />
      {service.recovery_mode}
    </button>
  );
}
