import { vi } from 'vitest';

type Reply = (body: unknown) => Response | Promise<Response>;

/** A backend over HTTP: what it answers by path, what it does with a write, and what was written. */
export class Backend {
  readonly written: { readonly call: string; readonly body: unknown }[] = [];
  readonly answers: Record<string, unknown>;
  private readonly replies = new Map<string, Reply>();

  constructor(answers: Readonly<Record<string, unknown>>) {
    this.answers = { ...answers };
    vi.spyOn(globalThis, 'fetch').mockImplementation((address, init) =>
      Promise.resolve(this.answer(address as string, init)),
    );
  }

  /** What it does with `POST /api/v1/users`; every other write is answered with what was sent. */
  on(call: string, reply: Reply): void {
    this.replies.set(call, reply);
  }

  /** Refuses a write with this problem. */
  refuse(call: string, status: number, kind: string, members: object = {}): void {
    const problem = { type: `urn:incidentops:problem:${kind}`, title: 'Refused', status, detail: 'No.', ...members };
    const headers = { 'content-type': 'application/problem+json' };
    this.on(call, () => new Response(JSON.stringify(problem), { status, headers }));
  }

  private answer(address: string, init: RequestInit | undefined): Response | Promise<Response> {
    const path = address.replace(/\?.*/, '');
    if (init?.method === undefined) return Response.json(this.answers[path] ?? { items: [], next_cursor: null });
    const body = bodyOf(init.body as string);
    const reply = this.replies.get(`${init.method} ${path}`);
    if (path.endsWith('/preview')) return Response.json(this.answers[path]);
    this.written.push({ call: `${init.method} ${address}`, body });
    return reply?.(body) ?? Response.json(body);
  }
}

/** A text that is no JSON is sent as it is. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
