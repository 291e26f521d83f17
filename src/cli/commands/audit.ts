import type { Command } from 'commander';
import type { AuditRecord } from '../../audit/entry.ts';
import { exportRecords } from '../../audit/export.ts';
import type { AuditFilter } from '../../audit/filter.ts';
import {
  decodeAuditCursor,
  encodeAuditCursor,
  filterNames,
  readFilter,
  type WrittenFilter,
} from '../../audit/read-filter.ts';
import { createAuditSearch } from '../../audit/search.ts';
import { findAccount } from '../../identity/accounts.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import { type CliContext, CliError, printResult, withStores } from '../context.ts';
import { registerDataAccess } from './audit-data-access.ts';
import { registerAuditVerify } from './audit-verify.ts';
import { type Options, textOption } from './identity-context.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

export function registerAudit(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('who did what: the audit trail of all accounts');
  registerList(audit, context);
  registerExport(audit, context);
  registerAuditVerify(audit, context);
  registerDataAccess(audit, context);
}

function withFilters(command: Command): Command {
  command.option('--account <A>', 'only what concerns this account (id or e-mail)');
  command.option('--who <NAMES>', 'ids, names, access keys or sessions, separated by commas');
  for (const name of filterNames) command.option(`--${name} <VALUES>`, 'one or several, separated by commas');
  command.option('--request-id <ID>', 'of one request');
  command.option('--resource <ARN>', 'an ARN or bucket/key; with * at its end all that begin with it');
  command.option('--from <TIME>', 'not before, such as 2026-01-31T08:00:00Z');
  return command.option('--to <TIME>', 'before');
}

async function filterFrom(deps: Pick<IdentityDeps, 'store'>, options: Options): Promise<AuditFilter> {
  const named = textOption(options, 'account');
  const account = named === undefined ? undefined : await findAccount(deps, named);
  // of a deleted account the trail is still there
  const isId = named !== undefined && /^\d{12}$/.test(named);
  if (named !== undefined && account === undefined && !isId) {
    throw new CliError(`there is no account ${named}: vstorage account list shows those there are`);
  }
  const written: WrittenFilter = Object.fromEntries(
    [...filterNames, 'who', 'requestId', 'resource', 'from', 'to'].flatMap((name) => {
      const value = textOption(options, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return readFilter(written, account?.accountId ?? named ?? null);
}

function registerList(audit: Command, context: CliContext): void {
  const list = withFilters(audit.command('list'))
    .description('records, newest first; every condition that is given must hold')
    .option('--count <N>', `how many (default: ${DEFAULT_LIMIT})`)
    .option('--cursor <C>', 'go on where an earlier answer ended (with --json: nextCursor)');
  list.action(async (options: Options) => {
    const limit = limitFrom(textOption(options, 'count'));
    const cursor = textOption(options, 'cursor');
    const after = cursor === undefined ? null : decodeAuditCursor(cursor);
    const page = await withStores(list, context, async ({ store }) =>
      createAuditSearch({ store }).find(await filterFrom({ store }, options), { limit, after, count: after === null }),
    );
    const items = page.found.map(({ record }) => record);
    const nextCursor = page.next === null ? null : encodeAuditCursor(page.next);
    const isJson = list.optsWithGlobals()['json'] === true;
    printResult(list, context, isJson ? { items, nextCursor, total: page.total } : items.map(rowOf));
  });
}

function limitFrom(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new CliError(`--count "${text}" is not a number from 1 to ${MAX_LIMIT}`, { usage: true });
}

function rowOf({ time, who, operation, resource, address, outcome, code, channel }: AuditRecord) {
  return {
    time: time.slice(0, 19).replace('T', ' '),
    who: who.name ?? who.id ?? who.accessKey ?? who.type,
    operation,
    resource,
    from: address === '' ? channel : `${channel} ${address}`,
    outcome: code === null ? outcome : `${outcome} (${code})`,
  };
}

async function* linesOf(records: AsyncIterable<{ readonly line: string }>): AsyncGenerator<string> {
  for await (const { line } of records) yield `${line}\n`;
}

function registerExport(audit: Command, context: CliContext): void {
  const command = withFilters(audit.command('export')).description(
    'the same records as JSON lines on standard output, all of them; their hashes can be checked elsewhere',
  );
  command.action(async (options: Options) => {
    await withStores(command, context, async ({ store }) => {
      const filter = await filterFrom({ store }, options);
      await context.printAll(linesOf(exportRecords(createAuditSearch({ store }), filter)));
    });
  });
}
