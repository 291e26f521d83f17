// The REST API through a page's own session: sets things up for a test faster than clicking does.
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { CreatedS3Key, ProjectView, SessionView, UserView } from '../../../src/console-api/contract.ts';

export type Rest = {
  readonly post: <Answer>(path: string, body: unknown) => Promise<Answer>;
  readonly get: <Answer>(path: string) => Promise<Answer>;
};

/** `page` is signed in. The requests are the page's own: its cookie, its origin, its CSRF token, its trust in the CA. */
export async function restOf(page: Page): Promise<Rest> {
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown, csrfToken = ''): Promise<unknown> => {
    const answer = await page.evaluate(fetchInPage, { method, path, body: JSON.stringify(body), csrfToken });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text);
  };
  const { csrfToken } = (await call('GET', '/session')) as SessionView;
  return {
    get: async <Answer>(path: string) => (await call('GET', path)) as Answer,
    post: async <Answer>(path: string, body: unknown) => (await call('POST', path, body, csrfToken)) as Answer,
  };
}

type InPage = { method: string; path: string; body: string | undefined; csrfToken: string };

async function fetchInPage({ method, path, body, csrfToken }: InPage): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', 'x-csrf-token': csrfToken };
  const request = body === undefined ? { method } : { method, body, headers };
  const answer = await fetch(`/api/v1${path}`, request);
  return { status: answer.status, text: await answer.text() };
}

export const createProject = (rest: Rest, project: { name: string; quotaBytes: number; class?: 'instant-archive' }) =>
  rest.post<ProjectView>('/projects', project);

export const createKey = (rest: Rest, projectId: string, description: string, expiresAt: string | null = null) =>
  rest.post<CreatedS3Key>(`/projects/${projectId}/s3-keys`, { description, expiresAt });

export const createUsers = (rest: Rest, usernames: string[], policies: string[]) =>
  rest.post<{ items: UserView[] }>('/users', { usernames, password: `Pw-${randomUUID()}`, policies });
