import { ApiError } from '../api/client';

export interface FieldError {
  readonly field: string;
  readonly reason: string;
  readonly line?: number | null;
}

/** What the backend says is wrong, place by place; one without a place when it names none. */
export function problemsOf(error: unknown): FieldError[] {
  if (!(error instanceof ApiError)) return [{ field: '', reason: String(error) }];
  const { errors, objections, problems, detail, title } = error.problem as {
    errors?: FieldError[];
    objections?: string[];
    problems?: string[];
    detail?: string;
    title: string;
  };
  if (errors !== undefined) return errors;
  const reasons = objections ?? problems ?? [detail ?? title];
  return reasons.map((reason) => ({ field: '', reason }));
}

/** Whether the backend refused because of this, as in `urn:incidentops:problem:entry-changed`. */
export function isProblem(error: unknown, kind: string): boolean {
  return error instanceof ApiError && error.problem.type === `urn:incidentops:problem:${kind}`;
}
