// The AWS CLI with the profile of the console, as a function.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { awsConfig } from '../../src/console-api/connections/aws-cli.ts';
import { profileName } from '../../src/console-api/connections/setup.ts';
import { type CommandResult, runCommand } from '../support/run-command.ts';
import type { ClientSetUp } from './client-driver.ts';

const SESSION = fileURLToPath(new URL('./aws-cli-session.py', import.meta.url));

type Environment = Readonly<Record<string, string>>;

async function environmentOf({ facts, folder }: ClientSetUp): Promise<Environment> {
  const config = join(folder, 'aws-config');
  await writeFile(config, awsConfig(facts), { mode: 0o600 });
  return {
    AWS_CONFIG_FILE: config,
    AWS_PROFILE: profileName(facts),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
}

/** Debian's 2.9 reads no endpoint_url from the profile (2.13 does), so it stands on the command line as well. */
const withEndpoint = ({ facts }: ClientSetUp, args: readonly string[]): string[] => [
  '--endpoint-url',
  facts.endpoint,
  ...args,
];

/** A process for each call; its standard output, or an error with all it said. */
export async function awsCli(setUp: ClientSetUp): Promise<(...args: string[]) => Promise<string>> {
  const env = await environmentOf(setUp);
  return async (...args) => await runCommand('/usr/bin/aws', withEndpoint(setUp, args), { cwd: setUp.folder, env });
}

/** A profile has no place for a token; keys in the environment go before it. */
function temporary({ facts }: ClientSetUp, token: string): Environment {
  const { accessKey, secretKey } = facts;
  return { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, AWS_SESSION_TOKEN: token };
}

export type AwsCliSession = AsyncDisposable & { readonly attempt: (...args: string[]) => Promise<CommandResult> };

/**
 * One process for many calls, one after the other: of Debian's package, which is written in Python. With `token` the
 * keys of `setUp` are temporary credentials.
 */
export async function openAwsCliSession(setUp: ClientSetUp, token?: string): Promise<AwsCliSession> {
  const own = { PATH: process.env['PATH'], HOME: setUp.folder, LANG: 'C.UTF-8' };
  const profile = await environmentOf(setUp);
  const child = spawn('/usr/bin/python3', [SESSION], {
    cwd: setUp.folder,
    env: { ...own, ...profile, ...(token === undefined ? {} : temporary(setUp, token)) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    attempt: async (...args) => {
      child.stdin.write(`${JSON.stringify(withEndpoint(setUp, args))}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error(`the AWS CLI ended at ${args.join(' ')}`);
      return JSON.parse(value) as CommandResult;
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
