import type { Policy, Schedule, Team } from '../api/oncall';

export interface Draft {
  readonly word: string;
  readonly text: string;
}

const SERVER_SIDE = new Set(['revision', 'changed_by', 'changed_at']);

/** Without what only the server knows of an entry. */
function written(entry: object): object {
  return Object.fromEntries(Object.entries(entry).filter(([key]) => !SERVER_SIDE.has(key)));
}

const draftOf =
  (member: string, kind: string) =>
  (entry: { readonly name: string }): Draft => ({
    word: `${kind} ${entry.name}`,
    text: JSON.stringify({ [member]: [written(entry)] }, null, 2),
  });

interface Present {
  readonly policies: readonly Policy[];
  readonly schedules: readonly Schedule[];
  readonly teams: readonly Team[];
  readonly rules: string;
}

/** What a draft may begin with: everything that decides who is paged, as it is. */
export function beginnings({ policies, schedules, teams, rules }: Present): readonly Draft[] {
  return [
    ...policies.map(draftOf('escalation_policies', 'policy')),
    ...schedules.map(draftOf('schedules', 'schedule')),
    ...teams.map(draftOf('teams', 'team')),
    { word: 'rules of correlation', text: rules || 'rules: []\n' },
  ];
}
