// What a browser with the console open sends: its cookie, the CSRF token, the console's origin.
import assert from 'node:assert/strict';
import type { Problem, SessionView, SignInRequest } from '../../src/console-api/contract.ts';
import type { App } from './over-http.ts';

export const HOST = 'console.test:9001';
export const ORIGIN = `https://${HOST}`;

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly bytes: Buffer;
};

/** Headers set to null are left out. */
export type Extra = { readonly headers?: Readonly<Record<string, string | null>>; readonly rawBody?: string | Buffer };

export class Browser {
  readonly #app: App;
  #cookie: string | null = null;
  #csrfToken: string | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  get csrfToken(): string | null {
    return this.#csrfToken;
  }

  get cookie(): string | null {
    return this.#cookie;
  }

  async send(method: Method, path: string, body?: unknown, extra: Extra = {}): Promise<Answer> {
    const payload = extra.rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const headers = {
      host: HOST,
      cookie: this.#cookie,
      origin: method === 'GET' || method === 'HEAD' ? null : ORIGIN,
      'x-csrf-token': this.#csrfToken,
      'content-type': payload === undefined ? null : 'application/json',
      ...extra.headers,
    };
    const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
    const response = await this.#app.inject({
      method,
      url: path.startsWith('/') ? path : `/api/v1/${path}`,
      headers: Object.fromEntries(present),
      ...(payload === undefined ? {} : { payload }),
    });
    this.#keepCookie(response.headers['set-cookie']);
    return { status: response.statusCode, headers: response.headers, text: response.body, bytes: response.rawPayload };
  }

  #keepCookie(header: string | string[] | number | undefined): void {
    const [pair] = String([header ?? ''].flat()[0] ?? '').split(';', 1);
    if (pair?.startsWith('__Host-vstorage-session=')) this.#cookie = pair.endsWith('=') ? null : pair;
  }

  async signIn(credentials: SignInRequest): Promise<SessionView> {
    const answer = await this.send('POST', 'session', credentials);
    const session = json<SessionView>(answer, 201);
    this.#csrfToken = session.csrfToken;
    return session;
  }

  async get<Body>(path: string, status = 200): Promise<Body> {
    return json<Body>(await this.send('GET', path), status);
  }

  async change<Body>(method: Method, path: string, body: unknown, status: number): Promise<Body> {
    return json<Body>(await this.send(method, path, body), status);
  }
}

export function json<Body>(answer: Answer, status: number): Body {
  assert.equal(answer.status, status, answer.text);
  return answer.text === '' ? (undefined as Body) : (JSON.parse(answer.text) as Body);
}

/** Asserts a refusal in the form every refusal has. */
export function refused(answer: Answer, status: number, code: string): Problem {
  const problem = json<Problem>(answer, status);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  assert.equal(problem.code, code, answer.text);
  assert.equal(problem.status, status);
  assert.equal(problem.type, `urn:vstorage:problem:${code}`);
  assert.match(problem.requestId, /^[0-9A-F]{16}$/);
  assert.equal(answer.headers['x-request-id'], problem.requestId);
  assert.ok(problem.title.length > 0 && problem.detail.length > 0);
  return problem;
}
