import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { StoreFullError, StoreUnavailableError, TransactionConflictError } from '../metadata/metadata-store.ts';
import { parsePolicy } from '../policy/parse.ts';
import { ProblemError, S3Error } from '../shared/errors.ts';
import { renderError } from './problems.ts';

/** What a client gets, and what is logged, when a route throws `error`. */
async function thrown(error: unknown) {
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
  const app = fastify({ loggerInstance: log, genReqId: () => 'REQUEST1' });
  app.setErrorHandler(renderError);
  app.get('/', () => {
    throw error;
  });
  const { statusCode, headers, body } = await app.inject('/');
  await app.close();
  return { status: statusCode, headers, body, problem: JSON.parse(body), lines };
}

test('an unforeseen error is a 500 that tells nothing, logged once with its cause and the request id', async () => {
  const { status, body, problem, lines } = await thrown(
    new Error('cannot open /srv/secret/path', { cause: new Error('EACCES') }),
  );
  assert.equal(status, 500);
  assert.equal(problem.code, 'internal-error');
  assert.equal(problem.requestId, 'REQUEST1');
  assert.doesNotMatch(body, /secret|EACCES|at /);
  assert.equal(lines.length, 1);
  assert.match(String(lines[0]), /REQUEST1.*cannot open.*EACCES/s);
});

test('a problem keeps its status, code, field and position, and is not logged as an error', async () => {
  const error = new ProblemError(409, 'project-name-taken', 'Choose another name.', {
    field: 'name',
    position: { line: 2, column: 3 },
  });
  const { status, headers, problem, lines } = await thrown(error);
  assert.equal(status, 409);
  assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.equal(headers['cache-control'], 'no-store');
  assert.deepEqual(problem, {
    type: 'urn:vstorage:problem:project-name-taken',
    title: 'Project name taken',
    status: 409,
    code: 'project-name-taken',
    detail: 'Choose another name.',
    requestId: 'REQUEST1',
    errors: [{ field: 'name', message: 'Choose another name.', line: 2, column: 3 }],
  });
  assert.deepEqual(lines, []);
});

test('errors of the store and of S3 keep their meaning', async () => {
  const cases: [unknown, number, string][] = [
    [new StoreFullError(), 507, 'storage-full'],
    [new StoreUnavailableError(), 503, 'store-unavailable'],
    [new TransactionConflictError(), 503, 'busy'],
    [new S3Error('NoSuchBucket'), 404, 'no-such-bucket'],
    [new S3Error('QuotaExceeded'), 413, 'quota-exceeded'],
    ['not even an error', 500, 'internal-error'],
  ];
  for (const [error, status, code] of cases) {
    const { problem } = await thrown(error);
    assert.deepEqual([problem.status, problem.code], [status, code]);
  }
});

test('a malformed policy names line and column', async () => {
  const malformed = (() => {
    try {
      return parsePolicy('{\n  "Version": 7\n}', 'x');
    } catch (error) {
      return error;
    }
  })();
  const { problem } = await thrown(malformed);
  assert.equal(problem.code, 'malformed-policy');
  assert.equal(problem.errors[0].line, 2);
  assert.match(problem.detail, /line 2, column \d+/);
});
