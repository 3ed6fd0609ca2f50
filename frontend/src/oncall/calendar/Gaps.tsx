import type { Shift } from '../../api/oncall';
import { Problem } from '../../frame/Problem';
import { useTicking } from '../../time/clock';
import { exactTime } from '../../time/format';

/** Warns of the stretches to come in which nobody is on call. */
export function Gaps({ gaps, days }: { gaps: readonly Shift[]; days: number }) {
  const passed = useTicking((now) => gaps.filter(({ end }) => Date.parse(end) <= now).length);
  const ahead = gaps.slice(passed);
  const first = ahead[0];
  if (first === undefined) return null;
  const count = ahead.length === 1 ? 'a gap' : `${ahead.length} gaps`;
  const text = `In these ${days} days there is nobody in ${count}, first at ${exactTime(first.start)}.`;
  return <Problem role="status" text={text} />;
}
