// A whole deployment under mixed load (PostgreSQL primary and standby, three OSDs with three replicas, three gateways
// behind HAProxy), and parts of it killed in turn and two at once: nothing acknowledged is lost or torn, nothing deleted
// is there or accepted, and clients see 503 for seconds, or the end of a killed gateway's own connections.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { type Deployment, startDeployment } from '../../scripts/cluster/deployment.ts';
import { type Deployed, deployedAt } from '../support/deployed.ts';
import { untilWorks } from '../support/until-works.ts';
import { type Felt, feltSince, feltTable, note, type Noted } from './felt.ts';
import { type Failed, keyLoad, type KillLoad, lifecycleLoad, versionLoad } from './kill-loads.ts';
import { assertNothingDamaged, assertUsage } from './kill-rounds.ts';
import { objectLoad } from './object-load.ts';
import { connect, createRootKey, statusOf } from './s3-client.ts';

export type Part = 'OSD' | 'primary' | 'gateway';

/** in turn, then two at once */
export const ALL_FAULTS: readonly (readonly Part[])[] = [
  ['OSD'],
  ['primary'],
  ['gateway'],
  ['OSD', 'primary'],
  ['primary', 'gateway'],
  ['OSD', 'gateway'],
];

const THINK_MS = 60;
const BEFORE_MS = 2_000;
/** how long what was killed stays dead */
const DEAD_MS = 6_000;
/** how long it must have been quiet before the next one */
const QUIET_MS = 3_000;
/** connections to a gateway break when it is killed, or when they are opened before the balancer has noticed */
const BROKEN_FOR_MS = 5_000;
/** errors "only for seconds" */
const MOST_SECONDS = 30;
const RECOVER_TIMEOUT_MS = 120_000;
const ARGS = ['--lifecycle-day', '1s', '--limit', 'keys-per-account=1000'];

export function startTestDeployment(): Promise<Deployment> {
  return startDeployment({ gateways: 3, args: ARGS, osdBytes: 4 * 2 ** 30 });
}

type Rounds = {
  readonly t: TestContext;
  readonly deployment: Deployment;
  readonly server: Deployed;
  readonly client: S3Client;
  readonly loads: readonly KillLoad[];
  readonly noted: Noted[];
};

export async function clusterRounds(
  t: TestContext,
  deployment: Deployment,
  faults: readonly (readonly Part[])[],
): Promise<void> {
  const server = deployedAt(deployment, deployment.balancer);
  const noted: Noted[] = [];
  const key = await createRootKey(server);
  const client = await connect(server, key);
  note(client, noted);
  const loads = [objectLoad(), versionLoad(), lifecycleLoad(), keyLoad()];
  for (const load of loads) await load.begin(client);
  const rounds: Rounds = { t, deployment, server, client, loads, noted };
  const felt: { fault: string; felt: Felt }[] = [];
  for (const [number, parts] of faults.entries()) {
    const fault = parts.join(' + ');
    const one = { fault, felt: await runRound(rounds, number, parts) };
    felt.push(one);
    t.diagnostic(`round ${number + 1}, ${fault}: ${JSON.stringify(one.felt)}`);
    for (const load of loads) await load.verify(server, client);
  }
  t.diagnostic(`\n${feltTable(felt)}`);
  await assertUsage(server, client, loads);
  await assertNothingDamaged(server);
  client.destroy();
  assert.ok(loads.every((load) => load.count() > 0));
}

async function runRound(rounds: Rounds, number: number, parts: readonly Part[]): Promise<Felt> {
  const { deployment, server, client, loads, noted } = rounds;
  noted.length = 0;
  const stopped = new AbortController();
  let gatewayKilledMs: number | null = null;
  const problems: unknown[] = [];
  const failed: Failed = (error) => {
    const isOfKilled = gatewayKilledMs !== null && performance.now() - gatewayKilledMs < BROKEN_FOR_MS;
    if (statusOf(error) !== 503 && !(statusOf(error) === null && isOfKilled)) problems.push(error);
    return 'go on';
  };
  const running = { server, client, stopped: stopped.signal, failed, thinkMs: THINK_MS };
  const all = Promise.all(loads.map((load) => load.run(running, number)));
  all.catch(() => undefined);
  let faultMs = 0;
  try {
    await sleep(BEFORE_MS);
    faultMs = performance.now();
    if (parts.includes('gateway')) gatewayKilledMs = faultMs;
    await Promise.all(parts.map((part) => killAndRecover(deployment, part, number)));
    await untilQuiet(noted);
  } finally {
    stopped.abort();
    await all;
  }
  await untilWhole(deployment);
  const felt = feltSince(noted, faultMs);
  assert.deepEqual(problems.map(describe), [], `${parts.join(' + ')}: errors that no client may see`);
  assert.ok(felt.lastFailureSeconds < MOST_SECONDS, `errors for ${felt.lastFailureSeconds} s`);
  return felt;
}

/** Which of its kind dies goes round. */
async function killAndRecover({ ceph, database, gateways }: Deployment, part: Part, number: number): Promise<void> {
  if (part === 'primary') {
    await database.killPrimary();
    await database.whole();
  } else if (part === 'OSD') {
    await ceph.killOsd(number % 3);
    await sleep(DEAD_MS);
    await ceph.startOsd(number % 3);
  } else {
    const gateway = gateways[number % gateways.length];
    assert.ok(gateway);
    await gateway.kill();
    await sleep(DEAD_MS);
    await gateway.start();
  }
}

async function untilQuiet(noted: readonly Noted[]): Promise<void> {
  const deadlineMs = performance.now() + RECOVER_TIMEOUT_MS;
  const sinceMs = performance.now();
  for (;;) {
    await sleep(200);
    const lastFailureMs = noted.findLast(({ failedWith }) => failedWith !== 0)?.endedMs ?? sinceMs;
    if (performance.now() - Math.max(sinceMs, lastFailureMs) > QUIET_MS) return;
    assert.ok(performance.now() < deadlineMs, 'requests go on failing');
  }
}

/** All copies are there again: the next one may die. */
async function untilWhole({ ceph, database }: Deployment): Promise<void> {
  await database.whole();
  await untilWorks(async () => {
    const { pg_summary: summary } = JSON.parse(await ceph.ceph('pg', 'stat', '-f', 'json')) as {
      pg_summary: { num_pg_by_state: { name: string }[] };
    };
    assert.deepEqual(
      [...new Set(summary.num_pg_by_state.map(({ name }) => name.replace(/\+scrubbing.*/, '')))],
      ['active+clean'],
    );
  }, RECOVER_TIMEOUT_MS);
}

function describe(error: unknown): string {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  return `${statusOf(error) ?? 'no answer'}: ${name} ${code ?? ''} ${message}`;
}
