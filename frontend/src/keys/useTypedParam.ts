import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';

/** The address follows this long after the last letter. */
const PAUSE_MS = 150;

/**
 * A text in the address that is typed. What is typed shows at once: the address is changed in transitions, and
 * a field that showed the address itself would lose letters to fast typing.
 */
export function useTypedParam(key: string): readonly [string, (typed: string) => void] {
  const [params, setParams] = useSearchParams();
  const inAddress = params.get(key) ?? '';
  const [state, setState] = useState({ typed: inAddress, seen: inAddress, written: inAddress });
  if (inAddress !== state.seen) {
    // Somebody went back, or followed a link; our own writing is no news.
    const typed = inAddress === state.written ? state.typed : inAddress;
    setState({ typed, seen: inAddress, written: inAddress });
  }
  const { typed, written } = state;
  useEffect(() => {
    if (typed === written) return undefined;
    const timer = window.setTimeout(() => {
      setState((before) => ({ ...before, written: typed }));
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (typed === '') after.delete(key);
          else after.set(key, typed);
          return after;
        },
        { replace: true },
      );
    }, PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [key, typed, written, setParams]);
  return [typed, (next) => setState((before) => ({ ...before, typed: next }))];
}
