import { ApiError } from '../api/client';

export interface FieldError {
  readonly field: string;
  readonly reason: string;
  readonly line?: number | null;
}

/** What the backend says is wrong, place by place; one without a place when it names none. */
export function problemsOf(error: unknown): FieldError[] {
  if (!(error instanceof ApiError)) return [{ field: '', reason: String(error) }];
  const { errors, objections, detail, title } = error.problem as {
    errors?: FieldError[];
    objections?: string[];
    detail?: string;
    title: string;
  };
  if (errors !== undefined) return errors;
  if (objections !== undefined) return objections.map((reason) => ({ field: '', reason }));
  return [{ field: '', reason: detail ?? title }];
}
