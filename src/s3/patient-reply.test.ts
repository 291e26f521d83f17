import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { S3Error } from '../shared/errors.ts';
import type { OperationContext, S3Reply } from './operation.ts';
import { patientReply } from './patient-reply.ts';
import { resultDocument } from './xml/write.ts';

const context = { request: { id: 'R', rawPath: '/b/k' } } as unknown as OperationContext;
const reply = { status: 200, body: resultDocument('Done') };

async function bodyOf({ body }: S3Reply): Promise<string> {
  if (typeof body === 'string' || body === undefined || body instanceof Uint8Array) return `whole ${String(body)}`;
  return Buffer.concat(await Array.fromAsync(body)).toString();
}

async function later<T>(value: () => T): Promise<T> {
  await wait(50);
  return value();
}

test('work that is done in time is answered as it is', async () => {
  assert.equal(await patientReply(context, Promise.resolve(reply), 1000), reply);
  await assert.rejects(patientReply(context, Promise.reject(new S3Error('NoSuchKey')), 1000), { code: 'NoSuchKey' });
});

test('slow work is answered with white space and then its result', async () => {
  const text = await bodyOf(
    await patientReply(
      context,
      later(() => reply),
      10,
    ),
  );
  assert.match(text, /^<\?xml [^>]*\?>\n +<Done xmlns=/);
});

test('slow work that fails ends in an error that names the request', async () => {
  const failing = later((): typeof reply => {
    throw new S3Error('QuotaExceeded');
  });
  const answer = await patientReply(context, failing, 10);
  assert.equal(answer.status, 200);
  assert.match(await bodyOf(answer), /^<\?xml [^>]*\?>\n +<Error><Code>QuotaExceeded<.*<RequestId>R</);
});

test('an answer nobody reads to its end leaves no unhandled rejection', async () => {
  const failing = later((): typeof reply => {
    throw new S3Error('InternalError');
  });
  const services = { log: { error: () => {} } };
  const { body } = await patientReply({ ...context, services } as unknown as OperationContext, failing, 10);
  assert.ok(typeof body === 'object' && Symbol.asyncIterator in body);
  const chunks = body[Symbol.asyncIterator]();
  await chunks.next();
  await chunks.return?.();
  await wait(60);
});
