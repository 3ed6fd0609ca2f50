import { useState } from 'react';
import type { Service } from '../api/types';
import { read } from '../state/language';
import { LedIcon } from '../state/Led';
import { useTicking } from '../time/clock';
import { briefly } from '../time/format';
import classes from './StateWord.module.css';

/** The LED: icon and word, and for an unknown state how old the last known one is. */
export function StateWord({ service }: { service: Service }) {
  const { look, word, detail } = read(service);
  return (
    <span
      className={classes.state}
      data-look={look}
      data-state={look}
      data-testid={`led-${service.name}`}
      title={detail ?? undefined}
    >
      <LedIcon look={look} />
      <span className={classes.word}>{word}</span>
      {look === 'unknown' && service.age_seconds !== null && (
        <Age key={service.age_seconds} seconds={service.age_seconds} />
      )}
    </span>
  );
}

/** The age that the server told, growing from there. */
function Age({ seconds }: { seconds: number }) {
  const [toldAt] = useState(() => Date.now());
  const text = useTicking(() => briefly(seconds + (Date.now() - toldAt) / 1_000));
  return <span className={classes.age}>{text}</span>;
}
