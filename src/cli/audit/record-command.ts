// The one record of a command, written before its answer is printed: success is only told when the record is durable.
import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { auditKeyOf } from '../../audit/audit-key.ts';
import { coverChain } from '../../audit/checkpoint.ts';
import { harmlessDetails } from '../../audit/details.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import { openAuditTrail } from '../../audit/trail.ts';
import { readSudoUser } from '../../config/env.ts';
import { findAccount } from '../../identity/accounts.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import { ProblemError, S3Error } from '../../shared/errors.ts';
import { newRequestId } from '../../shared/ids.ts';
import { commandKindOf, pathOf } from './command-kind.ts';
import { namedIn, type NamedThings } from './named-in.ts';

type Deps = Pick<IdentityDeps, 'store' | 'clock' | 'masterKey'>;

/** Runs a command on an opened store; it leaves one record, whether it succeeds or fails. */
export async function recordCommand<T>(command: Command, deps: Deps, run: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await run();
  } catch (error) {
    await leaveRecord(command, deps, { error, named: namedIn(null) });
    throw error;
  }
  await leaveRecord(command, deps, { error: null, named: namedIn(result) });
  return result;
}

type Ending = { readonly error: unknown; readonly named: NamedThings };

async function leaveRecord(command: Command, deps: Deps, ending: Ending): Promise<void> {
  const entry = await entryOf(command, deps, ending);
  const holder = { host: hostname(), pid: process.pid, role: 'command' };
  const onError = (): void => {};
  await using trail = openAuditTrail({ store: deps.store, clock: deps.clock, holder, onError });
  await trail.record(entry);
  await coverChain(deps, await auditKeyOf(deps), trail.chainId());
}

async function entryOf(command: Command, deps: Deps, { error, named }: Ending): Promise<AuditEntry> {
  const path = pathOf(command);
  const accountId = named.accountId ?? (await namedAccount(command, deps));
  const projectId = named.ids['projectId'];
  const failed = error !== null;
  return {
    at: deps.clock(),
    ...commandKindOf(path),
    action: null,
    channel: 'cli',
    who: { type: 'operator', name: operatorName() },
    accounts: accountId === null ? [] : [accountId],
    resource: resourceOf(path, accountId, named.ids),
    ...(projectId === undefined ? {} : { projectId }),
    outcome: failed ? 'failed' : 'success',
    status: failed ? 1 : 0,
    code: failed ? codeOf(error) : null,
    requestId: newRequestId(),
    address: '',
    userAgent: `vstorage ${path}`,
    details: { host: hostname(), ...harmlessDetails({ ...command.opts(), arguments: command.args }) },
  };
}

function operatorName(): string {
  const { username } = userInfo();
  const behind = readSudoUser();
  return behind === null || behind === username ? username : `${username} (${behind})`;
}

const codeOf = (error: unknown): string => {
  if (error instanceof ProblemError || error instanceof S3Error) return error.code;
  return error instanceof Error ? error.name : 'error';
};

async function namedAccount(command: Command, deps: Deps): Promise<string | null> {
  const options: Readonly<Record<string, unknown>> = command.opts();
  const given = options['account'] ?? (pathOf(command).startsWith('account ') ? command.args[0] : undefined);
  if (typeof given !== 'string') return null;
  return (await findAccount(deps, given))?.accountId ?? null;
}

/** `vstorage::ACCOUNT:s3-key/ID`, of the thing that the command's first word names. */
function resourceOf(path: string, accountId: string | null, ids: NamedThings['ids']): string | null {
  const type = path.split(' ')[0] ?? '';
  const camel = type.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const id = ids['id'] ?? ids[`${camel}Id`];
  return id === undefined ? null : `vstorage::${accountId ?? ''}:${type}/${id}`;
}
