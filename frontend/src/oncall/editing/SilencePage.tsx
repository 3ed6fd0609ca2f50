import { useParams } from 'react-router';
import type { Draft, Matcher } from '../../api/oncall';
import { ItemList } from '../../forms/ItemList';
import { ChoiceField, TextField } from '../../forms/fields';
import { instantOf, wallClock } from '../../time/zones';
import { EntryForm } from './EntryForm';
import { OPERATORS, operatorOf, withOperator } from './matchers';
import { useEntryEditor } from './useEntryEditor';
import forms from '../../forms/Form.module.css';
import classes from './Editing.module.css';

const HOUR_MS = 3_600_000;
const NEW_MATCHER: Matcher = { name: 'service', value: '', equal: true, regex: false };
const blank = (): Draft<'silences'> => ({
  name: '',
  matchers: [NEW_MATCHER],
  start: new Date().toISOString(),
  end: new Date(Date.now() + HOUR_MS).toISOString(),
  comment: '',
});

/** `/oncall/maintenance/silences/new` and `/<name>`: for which alerts nobody is paged. */
export default function SilencePage() {
  const { name = null } = useParams();
  const editor = useEntryEditor('silences', name, blank);
  const { draft, set } = editor;
  return (
    <EntryForm noun="silence" back="/oncall/maintenance" editor={editor}>
      <section className={classes.panel} aria-labelledby="matchers">
        <h2 id="matchers">Alerts that fit all of these</h2>
        <ItemList
          noun="matcher"
          path="matchers"
          items={draft.matchers}
          onSet={(matchers) => set({ matchers })}
          fresh={() => NEW_MATCHER}
        >
          {(matcher, setMatcher, place) => <MatcherFields matcher={matcher} place={place} onSet={setMatcher} />}
        </ItemList>
      </section>
      <section className={classes.panel} aria-labelledby="when">
        <h2 id="when">When and why</h2>
        <div className={forms.fields}>
          {(['start', 'end'] as const).map((key) => (
            <TextField
              key={key}
              path={key}
              label={key === 'start' ? 'From, by your clock' : 'Until, by your clock'}
              type="datetime-local"
              value={wallClock(new Date(draft[key]))}
              onSet={(wall) => set({ [key]: instantOf(wall) ?? draft[key] })}
            />
          ))}
          <TextField path="comment" label="Why" value={draft.comment} onSet={(comment) => set({ comment })} />
        </div>
      </section>
    </EntryForm>
  );
}

interface MatcherFieldsProps {
  readonly matcher: Matcher;
  readonly place: number;
  readonly onSet: (matcher: Matcher) => void;
}

function MatcherFields({ matcher, place, onSet }: MatcherFieldsProps) {
  return (
    <div className={forms.fields}>
      <TextField
        path={`matchers.${place}.name`}
        label="Label"
        placeholder="service, severity, alertname…"
        value={matcher.name}
        onSet={(name) => onSet({ ...matcher, name })}
      />
      <ChoiceField
        path={`matchers.${place}`}
        label="Is"
        data={OPERATORS}
        value={operatorOf(matcher)}
        onSet={(value) => onSet(withOperator(matcher, OPERATORS.find((each) => each === value) ?? '='))}
      />
      <TextField
        path={`matchers.${place}.value`}
        label="Value"
        placeholder="redis"
        value={matcher.value}
        onSet={(value) => onSet({ ...matcher, value })}
      />
    </div>
  );
}
