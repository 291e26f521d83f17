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
  assert.equal(await patientReply(context, async () => reply, 1000), reply);
  const refused = patientReply(context, () => Promise.reject(new S3Error('NoSuchKey')), 1000);
  await assert.rejects(refused, { code: 'NoSuchKey' });
});

test('slow work is answered with white space and then its result', async () => {
  const text = await bodyOf(await patientReply(context, () => later(() => reply), 10));
  assert.match(text, /^<\?xml [^>]*\?>\n +<Done xmlns=/);
});

test('slow work is answered with the headers it told before, and with none that came later', async () => {
  const answer = await patientReply(
    context,
    async (tell) => {
      tell({ 'x-amz-version-id': 'v' });
      await wait(50);
      tell({ 'x-amz-late': 'x' });
      return { ...reply, headers: { 'x-amz-late': 'x' } };
    },
    10,
  );
  assert.deepEqual(answer.headers, { 'x-amz-version-id': 'v', 'content-type': 'application/xml' });
  await bodyOf(answer);
});

test('slow work that fails ends in an error that names the request', async () => {
  const failing = () =>
    later((): typeof reply => {
      throw new S3Error('QuotaExceeded');
    });
  const answer = await patientReply(context, failing, 10);
  assert.equal(answer.status, 200);
  assert.match(await bodyOf(answer), /^<\?xml [^>]*\?>\n +<Error><Code>QuotaExceeded<.*<RequestId>R</);
});

test('an answer nobody reads to its end leaves no unhandled rejection', async () => {
  const failing = () =>
    later((): typeof reply => {
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
