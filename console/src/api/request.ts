// One fetch for the whole console: JSON in and out, the CSRF token, and three kinds of failure told apart.
import type { Problem } from '../../../src/console-api/contract.ts';
import { reportReachable } from './reachability.ts';

/** The server answered and refused; `problem` says why. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** No answer: offline, the server is down, or a proxy in between says so. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('The vStorage server does not answer.', { cause });
    this.name = 'UnreachableError';
  }
}

let csrfToken = '';
type SessionChange = 'ended' | 'replaced' | 'pending';
let sessionChanged: (change: SessionChange) => void = () => {};

export const setCsrfToken = (token: string): void => {
  csrfToken = token;
};
/** For requests that this file does not make: uploads that tell their progress. */
export const currentCsrfToken = (): string => csrfToken;
/** Called when the server no longer knows the session that the console believed in, or knows another one. */
export const onSessionChanged = (listener: (change: SessionChange) => void): void => {
  sessionChanged = listener;
};

/** Something must be done before anything else; the session itself goes on. */
const pendingCodes: ReadonlySet<string> = new Set(['password-change-required', 'second-factor-setup-required']);

type Options = { method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'; body?: unknown; signal?: AbortSignal };

export async function request<Answer>(path: string, options: Options = {}): Promise<Answer> {
  const response = await send(path, options);
  if (response.ok) {
    // The server validates its own answers by the same contract that types them here.
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }
  const problem = await readProblem(response);
  if (problem.code === 'not-signed-in' && path !== '/session') sessionChanged('ended');
  if (problem.code === 'wrong-csrf-token') sessionChanged('replaced');
  if (pendingCodes.has(problem.code)) sessionChanged('pending');
  throw new ApiError(problem);
}

async function send(path: string, { method = 'GET', body, signal }: Options): Promise<Response> {
  const headers = new Headers({ accept: 'application/json' });
  if (method !== 'GET') headers.set('x-csrf-token', csrfToken);
  if (body !== undefined) headers.set('content-type', 'application/json');
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 502 || response.status === 504) throw new Error(`gateway status ${response.status}`);
    reportReachable(true);
    return response;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    reportReachable(false);
    throw new UnreachableError(cause);
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const isProblem = (response.headers.get('content-type') ?? '').includes('json');
  const parsed: Partial<Problem> | null = isProblem ? await response.json().catch(() => null) : null;
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'unexpected-answer',
    detail: `The server answered ${response.status} ${response.statusText}.`,
    requestId: '',
    ...parsed,
  };
}

/** All pages of a list, in order. Lists of the console are bounded by the account's limits, so this stays small. */
export async function requestAll<Item>(path: string, signal: AbortSignal): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const separator = path.includes('?') ? '&' : '?';
    const query: string = `limit=1000${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: { items: Item[]; nextCursor: string | null } = await request(`${path}${separator}${query}`, { signal });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
