import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAdmission, type Visitor } from './admission.ts';

type Mutable = Visitor & { response: { headersSent: boolean }; isSending: boolean };

function visitor(): Mutable {
  const one: Mutable = {
    response: { headersSent: false },
    isSending: false,
    body: { awaitsClient: () => one.isSending },
  };
  return one;
}

test('as many as may wait are let in, and one more when one has left', () => {
  const admission = createAdmission(2);
  const first = admission.enter(visitor());
  const second = admission.enter(visitor());
  assert.deepEqual([first.isAdmitted, second.isAdmitted], [true, true]);
  const third = admission.enter(visitor());
  assert.equal(third.isAdmitted, false);
  third[Symbol.dispose]();
  assert.equal(admission.enter(visitor()).isAdmitted, false, 'who was refused gives nothing back');
  first[Symbol.dispose]();
  assert.equal(admission.enter(visitor()).isAdmitted, true);
});

test('clients that are sending, or are being answered, take no place', () => {
  const admission = createAdmission(2);
  const [sending, answered] = [visitor(), visitor()];
  admission.enter(sending);
  admission.enter(answered);
  assert.equal(admission.enter(visitor()).isAdmitted, false);
  sending.isSending = true;
  answered.response.headersSent = true;
  assert.ok(admission.enter(visitor()).isAdmitted);
  sending.isSending = false;
  assert.equal(admission.enter(visitor()).isAdmitted, false, 'what was sent waits for the stores now');
});
