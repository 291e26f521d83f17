import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreUnavailableError } from '../metadata/metadata-store.ts';
import { shareReadiness } from './readiness.ts';

test('probes share one question to the stores, and its answer', async () => {
  let asked = 0;
  const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ready = shareReadiness(() => answers[asked++]?.promise ?? Promise.resolve(), 10_000);
  const probes = [ready(), ready(), ready()];
  answers[0]?.resolve();
  await Promise.all(probes);
  assert.equal(asked, 1);
  const failing = ready();
  answers[1]?.reject(new Error('gone'));
  await assert.rejects(failing, /gone/);
  await ready();
  assert.equal(asked, 3, 'and the next probe asks again');
});

test('a store that does not answer makes a probe fail in time, and nobody asks it twice meanwhile', async () => {
  let asked = 0;
  const answer = Promise.withResolvers<void>();
  const ready = shareReadiness(() => {
    asked++;
    return answer.promise;
  }, 20);
  await assert.rejects(ready(), StoreUnavailableError);
  await assert.rejects(ready(), StoreUnavailableError);
  assert.equal(asked, 1);
  const last = ready();
  answer.resolve();
  await last;
});
