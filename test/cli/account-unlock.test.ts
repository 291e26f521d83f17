// What the operator does for somebody who cannot get in, while the server runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate } from 'otplib';
import type { TotpEnrolment } from '../../src/console-api/contract/sign-in.ts';
import { json, refused } from '../api/browser.ts';
import { HttpsBrowser } from '../api/https-browser.ts';
import { startServer } from '../support/start-server.ts';

test('account unlock and remove-second-factors let the root in again, on every worker', async () => {
  await using server = await startServer();
  const root = { type: 'root', email: server.rootEmail, password: server.rootPassword } as const;
  const browser = new HttpsBrowser(server);
  await browser.signIn(root);
  const begun = await browser.send('POST', 'session/totp', { password: server.rootPassword });
  const { secret } = json<TotpEnrolment>(begun, 200);
  json(await browser.send('POST', 'session/totp/confirm', { otp: await generate({ secret }) }), 200);
  const stranger = new HttpsBrowser(server);
  for (let i = 0; i < 5; i++) await stranger.send('POST', 'session', { ...root, password: 'not it' });
  refused(await stranger.send('POST', 'session', root), 429, 'sign-in-locked');
  const unlocked = await server.cli(['account', 'unlock', server.rootEmail]);
  assert.equal(Object(unlocked)['unlocked'], true);
  refused(await stranger.send('POST', 'session', root), 401, 'second-factor-required');
  await server.cli(['account', 'remove-second-factors', '--account', server.rootEmail]);
  await stranger.signIn(root);
  await assert.rejects(
    server.cli(['account', 'unlock', server.rootEmail, '--user', 'nobody']),
    /has no IAM user nobody/,
  );
});
