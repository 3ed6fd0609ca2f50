import type { Matcher } from '../../api/oncall';

/** Alertmanager's operators. */
export const OPERATORS = ['=', '!=', '=~', '!~'] as const;
export type Operator = (typeof OPERATORS)[number];

export function operatorOf({ equal, regex }: Matcher): Operator {
  if (regex) return equal ? '=~' : '!~';
  return equal ? '=' : '!=';
}

export const withOperator = (matcher: Matcher, operator: Operator): Matcher => ({
  ...matcher,
  equal: operator.startsWith('='),
  regex: operator.endsWith('~'),
});

/** "service=~redis.*" */
export const matcherText = (matcher: Matcher): string => `${matcher.name}${operatorOf(matcher)}${matcher.value}`;
