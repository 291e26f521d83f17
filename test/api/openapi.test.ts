import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Method, refused } from './browser.ts';
import { startConsole } from './console-fixture.ts';

type Schema = { readonly $ref?: string };
type Response = { readonly description?: string; readonly content?: Record<string, { schema: Schema }> };
type Parameter = { readonly name: string; readonly in: string; readonly required?: boolean };
type Operation = {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly responses: Record<string, Response>;
};
type Document = {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
};

const OPENAPI = '/api/v1/openapi.json';

function operationsOf({ paths }: Document): { method: string; path: string; operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : references(inner)));
}

test('the OpenAPI document describes every route with a summary, a tag, an answer and its refusals', async () => {
  await using fixture = await startConsole();
  const document = await fixture.browser().get<Document>(OPENAPI);
  assert.match(document.openapi, /^3\.1\./);
  const routes = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
  for (const route of [
    'POST /api/v1/session',
    'GET /api/v1/regions',
    'GET /api/v1/projects',
    'GET /api/v1/projects/{projectId}',
    'POST /api/v1/projects/{projectId}/s3-keys',
    'PATCH /api/v1/projects/{projectId}/s3-keys/{id}',
    'POST /api/v1/projects/{projectId}/s3-keys/delete',
    'GET /api/v1/projects/{projectId}/connections/{client}/download',
    'PUT /api/v1/users/{id}/policies',
    'PUT /api/v1/policies/{name}',
  ]) {
    assert.ok(routes.includes(route), route);
  }
  for (const { method, path, operation } of operationsOf(document)) {
    const name = `${method} ${path}`;
    assert.ok(operation.summary && operation.tags?.length === 1, name);
    assert.ok(
      Object.keys(operation.responses).some((status) => status.startsWith('2')),
      name,
    );
    const refusal = operation.responses['4XX']?.content?.['application/problem+json'];
    assert.equal(refusal?.schema.$ref, '#/components/schemas/Problem', name);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    assert.deepEqual(declared.map((parameter) => parameter.name).toSorted(), inPath.toSorted(), name);
    assert.ok(
      declared.every(({ required }) => required === true),
      name,
    );
  }
});

test('every reference in the OpenAPI document leads somewhere', async () => {
  await using fixture = await startConsole();
  const document = await fixture.browser().get<Document>(OPENAPI);
  const all = references(document);
  assert.ok(all.length > 20);
  for (const reference of all) {
    const [, name = ''] = /^#\/components\/schemas\/(\w+)$/.exec(reference) ?? [];
    assert.ok(name in document.components.schemas, reference);
  }
});

test('only signing in and fetching the CA work without a session; everything else is 401 and does nothing', async () => {
  await using fixture = await startConsole();
  const browser = fixture.browser();
  const document = await browser.get<Document>(OPENAPI);
  const session = ['', '/password-reset', '/link', '/link/password', '/passkey-options', '/identity-provider'];
  const open = [
    ...session.map((path) => `POST /api/v1/session${path}`),
    ...['GET /api/v1/session/methods', 'GET /api/v1/ca.pem', 'POST /api/v1/auth/token'],
    ...['POST /api/v1/sign-ups', 'POST /api/v1/sign-ups/complete'],
  ];
  const closed = operationsOf(document).filter(({ method, path }) => !open.includes(`${method} ${path}`));
  assert.ok(closed.length >= 25, String(closed.length));
  for (const { method, path } of closed) {
    const url = path
      .replace('{projectId}', fixture.projectId)
      .replace('{client}', 's3cmd')
      .replace('{name}', 'vStorageFullAccess')
      .replace('{id}', '00000000-0000-4000-8000-000000000000');
    const hasBody = !['GET', 'DELETE'].includes(method);
    refused(await browser.send(method as Method, url, hasBody ? {} : undefined), 401, 'not-signed-in');
  }
});

test('the readable page loads nothing that the content security policy forbids', async () => {
  await using fixture = await startConsole();
  const page = await fixture.browser().send('GET', '/api/docs/');
  assert.equal(page.status, 200);
  const policy = String(page.headers['content-security-policy']);
  assert.doesNotMatch(policy, /unsafe/);
  assert.match(policy, /script-src 'self'/);
  assert.doesNotMatch(page.text, /<script>|<style|style="|\son\w+="/);
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
  assert.ok(sources.length >= 4);
  for (const source of sources) {
    const file = await fixture.browser().send('GET', new URL(source, 'https://x/api/docs/').pathname);
    assert.equal(file.status, 200, source);
  }
});
