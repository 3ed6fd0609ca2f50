import type { FaultKind, Parameter } from '../api/faults';

export type Values = Record<string, number | string>;

/** The parameters of a kind with their names, in its order. */
export function parametersOf(kind: FaultKind): (readonly [string, Parameter])[] {
  return Object.entries(kind.parameters.properties ?? {});
}

/** What a form starts with. */
export function defaultsOf(kind: FaultKind): Values {
  return Object.fromEntries(parametersOf(kind).map(([name, field]) => [name, field.default ?? '']));
}

/** "Milliseconds (1 to 10000)". */
export function labelOf(field: Parameter): string {
  const least = field.minimum ?? field.exclusiveMinimum;
  if (least === undefined || field.maximum === undefined) return field.title;
  return `${field.title} (${field.exclusiveMinimum === undefined ? '' : 'over '}${least} to ${field.maximum})`;
}
