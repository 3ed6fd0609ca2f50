import type { Draft, Matcher } from '../../api/oncall';
import { ItemList } from '../../forms/ItemList';
import { ChoiceField, TextField } from '../../forms/fields';
import { StretchFields } from '../../forms/StretchFields';
import { Panel } from '../../frame/Panel';
import { instantOf, wallClock } from '../../time/zones';
import { entryPage, type FieldsProps } from './entryPage';
import { OPERATORS, operatorOf, withOperator } from './matchers';
import forms from '../../forms/Form.module.css';

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
export default entryPage({ path: 'silences', noun: 'silence', back: '/oncall/maintenance', blank, Fields });

function Fields({ draft, set }: FieldsProps<'silences'>) {
  return (
    <>
      <Panel title="Alerts that fit all of these">
        <ItemList
          noun="matcher"
          path="matchers"
          items={draft.matchers}
          onSet={(matchers) => set({ matchers })}
          fresh={() => NEW_MATCHER}
        >
          {(matcher, setMatcher, place) => <MatcherFields matcher={matcher} place={place} onSet={setMatcher} />}
        </ItemList>
      </Panel>
      <Panel title="When and why">
        <div className={forms.fields}>
          <StretchFields
            times={{ start: wallClock(new Date(draft.start)), end: wallClock(new Date(draft.end)) }}
            onSet={({ start, end }) =>
              set({ start: instantOf(start ?? '') ?? draft.start, end: instantOf(end ?? '') ?? draft.end })
            }
            clock=", by your clock"
          />
          <TextField path="comment" label="Why" value={draft.comment} onSet={(comment) => set({ comment })} />
        </div>
      </Panel>
    </>
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
