// A bucket as a folder, where this machine lets s3fs mount one. https://github.com/s3fs-fuse/s3fs-fuse
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../support/run-command.ts';
import type { ClientSetUp } from './client-driver.ts';

const MOUNT_TIMEOUT_MS = 20_000;
const NOT_ALLOWED = /fuse: (?:device not found|mount failed|failed to open|failed to exec).*/;

export type Mount = AsyncDisposable & { readonly folder: string };

/** Why nothing can be mounted here; null when it can, as far as can be told without trying. */
export function whyNoFuse(): string | null {
  return existsSync('/dev/fuse') ? null : 'this machine has no /dev/fuse';
}

/** Resolves with the reason when FUSE is there and mounting is not allowed, as in most containers. */
export async function mountBucket(setUp: ClientSetUp, bucket: string): Promise<Mount | string> {
  const folder = join(setUp.folder, 'mounted');
  await mkdir(folder, { recursive: true });
  const child = spawn('s3fs', [bucket, folder, '-f', ...(await optionsFor(setUp))], {
    // the folder of its temporary files is the test's own: files are written there before they are uploaded
    env: { PATH: process.env['PATH'], CURL_CA_BUNDLE: setUp.caFile, TMPDIR: setUp.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close');
  const deadlineMs = performance.now() + MOUNT_TIMEOUT_MS;
  while (!(await isUsable(folder))) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      child.kill('SIGKILL');
      await ended;
      const notAllowed = NOT_ALLOWED.exec(output)?.[0];
      if (notAllowed !== undefined) return `this machine does not let s3fs mount: ${notAllowed}`;
      throw new Error(`s3fs did not mount ${bucket}:\n${output}`);
    }
    await delay(50);
  }
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      await runCommand('umount', [folder], { timeoutMs: MOUNT_TIMEOUT_MS });
      await ended;
    },
  };
}

async function optionsFor({ facts, folder }: ClientSetUp): Promise<string[]> {
  const passwords = join(folder, 's3fs-password');
  await writeFile(passwords, `${facts.accessKey}:${facts.secretKey}\n`, { mode: 0o600 });
  const options = [`passwd_file=${passwords}`, `url=${facts.endpoint}`, `endpoint=${facts.region}`];
  return [...options, 'use_path_request_style'].flatMap((option) => ['-o', option]);
}

/** s3fs mounts first and asks the server afterwards: only an answered question says that it works. */
async function isUsable(folder: string): Promise<boolean> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  if (!mounts.split('\n').some((line) => line.split(' ')[1] === folder)) return false;
  return await stat(folder).then(
    () => true,
    () => false,
  );
}
