import { TagsInput } from '@mantine/core';
import { SEVERITIES, type Severity } from '../../api/incidents';
import type { Draft } from '../../api/oncall';
import { ChoiceField, ManyField, TextField, useFieldError } from '../../forms/fields';
import { Panel } from '../../frame/Panel';
import { SEVERITY_WORDS } from '../../incidents/words';
import { useServices } from '../../live/hooks';
import { useEntries } from '../useEntries';
import { entryPage, type FieldsProps } from './entryPage';
import forms from '../../forms/Form.module.css';

type Team = Draft<'teams'>;
const blank = (): Team => ({ name: '', description: '', members: [], services: [], policies: {} });

/** `/oncall/teams/new` and `/oncall/teams/<name>`: who answers for what, and by which policy. */
export default entryPage({ path: 'teams', noun: 'team', back: '/oncall/people', blank, Fields });

function Fields({ draft, set }: FieldsProps<'teams'>) {
  const users = useEntries('users').items;
  return (
    <>
      <Panel title="Who answers for what">
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
      </Panel>
      <Panel title="Escalation policy by severity">
        <Routing policies={draft.policies} onSet={(policies) => set({ policies })} />
      </Panel>
    </>
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
