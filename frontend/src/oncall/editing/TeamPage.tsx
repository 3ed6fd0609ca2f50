import { TagsInput } from '@mantine/core';
import { useParams } from 'react-router';
import { SEVERITIES, type Severity } from '../../api/incidents';
import type { Draft } from '../../api/oncall';
import { ChoiceField, ManyField, TextField, useFieldError } from '../../forms/fields';
import { SEVERITY_WORDS } from '../../incidents/words';
import { useServices } from '../../live/hooks';
import { useEntries } from '../useEntries';
import { EntryForm } from './EntryForm';
import { useEntryEditor } from './useEntryEditor';
import forms from '../../forms/Form.module.css';
import classes from './Editing.module.css';

type Team = Draft<'teams'>;
const blank = (): Team => ({ name: '', description: '', members: [], services: [], policies: {} });

/** `/oncall/teams/new` and `/oncall/teams/<name>`: who answers for what, and by which policy. */
export default function TeamPage() {
  const { name = null } = useParams();
  const editor = useEntryEditor('teams', name, blank);
  const { draft, set } = editor;
  const users = useEntries('users').items;
  return (
    <EntryForm noun="team" back="/oncall/people" editor={editor}>
      <section className={classes.panel} aria-labelledby="who">
        <h2 id="who">Who answers for what</h2>
        <div className={forms.fields}>
          <TextField
            path="description"
            label="Description"
            value={draft.description}
            onSet={(description) => set({ description })}
          />
          <ManyField
            path="members"
            label="Members"
            placeholder="choose people"
            data={users.map((user) => user.name)}
            value={draft.members}
            onSet={(members) => set({ members })}
          />
          <Services chosen={draft.services} onSet={(services) => set({ services })} />
        </div>
      </section>
      <section className={classes.panel} aria-labelledby="routing">
        <h2 id="routing">Escalation policy by severity</h2>
        <Routing policies={draft.policies} onSet={(policies) => set({ policies })} />
      </section>
    </EntryForm>
  );
}

/** Services, also such as do not run now. */
function Services({ chosen, onSet }: { chosen: readonly string[]; onSet: (services: string[]) => void }) {
  const error = useFieldError('services');
  return (
    <TagsInput
      size="xs"
      label="Services"
      description="none: all that no other team names"
      data={[...useServices().keys()].sort()}
      value={[...chosen]}
      error={error}
      onChange={onSet}
    />
  );
}

function Routing({ policies, onSet }: { policies: Team['policies']; onSet: (policies: Team['policies']) => void }) {
  const known = useEntries('escalation-policies').items.map((policy) => policy.name);
  const choose = (severity: Severity, policy: string | null): void => {
    const others = Object.entries(policies).filter(([key]) => key !== severity);
    onSet(Object.fromEntries(policy === null ? others : [...others, [severity, policy]]));
  };
  return (
    <div className={forms.fields}>
      {SEVERITIES.map((severity) => (
        <ChoiceField
          key={severity}
          path={`policies.${severity}`}
          label={SEVERITY_WORDS[severity]}
          placeholder="nobody is paged"
          clearable
          data={known}
          value={policies[severity] ?? null}
          onSet={(policy) => choose(severity, policy)}
        />
      ))}
    </div>
  );
}
