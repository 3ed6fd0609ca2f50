import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { previewSchedule, type Draft } from '../../api/oncall';
import { Problem } from '../../frame/Problem';
import { Calendar } from '../calendar/Calendar';
import { Gaps } from '../calendar/Gaps';
import { Steps } from '../calendar/Steps';
import { useSpan } from '../calendar/useSpan';
import forms from '../../forms/Form.module.css';
import classes from './Editing.module.css';

const PAUSE_MS = 250;

/** What the draft would come to, with its gaps, before it is saved. */
export function SchedulePreview({ draft }: { draft: Draft<'schedules'> }) {
  const days = useSpan();
  const { span, count } = days;
  const start = new Date(span.start).toISOString();
  // A name and a team are needed, though they change nothing here.
  const [asked] = useDebouncedValue({ ...draft, name: 'preview', team: draft.team || 'preview' }, PAUSE_MS);
  const complete = asked.layers.length > 0 && asked.layers.every((layer) => layer.rotation.users.length > 0);
  const { data, error } = useQuery({
    queryKey: ['oncall', 'preview', asked, start, count],
    queryFn: () => previewSchedule(asked, start, count),
    placeholderData: keepPreviousData,
    enabled: complete,
  });
  return (
    <section className={classes.panel} aria-label="Preview">
      <h2>Preview, nothing is saved yet</h2>
      <Steps days={days} zone={draft.zone} />
      {!complete && <p className={forms.hint}>The calendar shows once every layer has somebody in it.</p>}
      <Problem text={error === null ? null : error.message} />
      {complete && error === null && data !== undefined && (
        <>
          <Gaps gaps={data.gaps} days={count} />
          <Calendar timeline={data} overrides={draft.overrides} span={span} zone={draft.zone} />
        </>
      )}
    </section>
  );
}
