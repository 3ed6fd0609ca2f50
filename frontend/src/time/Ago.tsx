import { useTicking } from './clock';
import { briefly, exactTime } from './format';

interface AgoProps {
  at: string;
  /** Goes around the duration, as in `(d) => d + ' ago'`. */
  phrase?: (duration: string) => string;
}

/** A relative time that keeps itself current, the exact one in its title. */
export function Ago({ at, phrase = (duration) => `${duration} ago` }: AgoProps) {
  const text = useTicking((now) => phrase(briefly((now - Date.parse(at)) / 1_000)));
  return (
    <time dateTime={at} title={exactTime(at)}>
      {text}
    </time>
  );
}
