import { IconX } from '@tabler/icons-react';
import { useDesk, useFailure } from '../actions/desk';
import classes from './CardError.module.css';

/** What went wrong with the last verb asked for here; it stays until somebody dismisses it. */
export function CardError({ service }: { service: string }) {
  const desk = useDesk();
  const failure = useFailure(service);
  if (failure === undefined) return null;
  return (
    <div className={classes.error} role="alert" data-testid={`error-${service}`}>
      <div className={classes.text}>
        <strong>
          {failure.what} failed: {failure.title}
        </strong>
        {failure.detail !== '' && <span>{failure.detail}</span>}
      </div>
      <button
        type="button"
        className={classes.dismiss}
        aria-label={`Dismiss the error of ${service}`}
        onClick={() => desk.dismiss(service)}
      >
        <IconX size={14} />
      </button>
    </div>
  );
}
