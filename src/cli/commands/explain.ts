import type { Command } from 'commander';
import { findRefusal, listRefusals } from '../../explain/read-refusals.ts';
import type { RefusalRecord } from '../../explain/refusal.ts';
import { causeText, layerText, stepText } from '../../explain/texts.ts';
import { findAccount } from '../../identity/accounts.ts';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import { type CliContext, CliError, printResult, withStores } from '../context.ts';
import { type Options, textOption } from './identity-context.ts';

const LISTED = 50;

export function registerExplain(program: Command, context: CliContext): void {
  const command = program
    .command('explain')
    .description('why a request was refused, and what to do about it; without an id: the latest refusals')
    .argument('[REQUEST-ID]', 'x-amz-request-id of the answer, requestId of a problem')
    .option('--account <A>', 'list those of this account (id or e-mail); without: those that are nobody’s');
  command.action(async (requestId: string | undefined, options: Options) => {
    if (requestId === undefined) return list(command, context, textOption(options, 'account'));
    const record = await withStores(command, context, ({ store }) => find({ store }, requestId));
    const isJson = command.optsWithGlobals()['json'] === true;
    if (isJson) printResult(command, context, { ...record });
    else context.print(`${textOf(record)}\n`);
  });
}

async function find(deps: Pick<IdentityDeps, 'store'>, requestId: string): Promise<RefusalRecord> {
  const record = await findRefusal(deps, requestId);
  if (record !== undefined) return record;
  throw new CliError(
    `nothing is known of a refused request ${requestId}: it was not refused, is more than a week old, or one of too many`,
  );
}

async function list(command: Command, context: CliContext, named: string | undefined): Promise<void> {
  const records = await withStores(command, context, async ({ store }) => {
    const account = named === undefined ? null : ((await findAccount({ store }, named))?.accountId ?? undefined);
    if (account === undefined)
      throw new CliError(`there is no account ${named}: vstorage account list shows those there are`);
    const page = await listRefusals(
      { store },
      { accountId: account, limit: LISTED, before: null, matches: () => true },
    );
    return page.records;
  });
  const isJson = command.optsWithGlobals()['json'] === true;
  printResult(command, context, isJson ? records.map((record) => ({ ...record })) : records.map(rowOf));
}

function rowOf({ requestId, at, who, operation, resource, code, explanation }: RefusalRecord) {
  return {
    requestId,
    time: timeText(at),
    who: who.name ?? who.accessKey ?? who.id ?? who.type,
    operation,
    resource,
    code,
    cause: explanation.cause,
  };
}

const timeText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

function textOf(record: RefusalRecord): string {
  const { explanation } = record;
  return [
    `${record.operation} was refused with ${record.status} ${record.code} at ${timeText(record.at)} UTC`,
    `  by     ${[record.who.name, record.who.accessKey, record.who.type].filter(Boolean).join(', ')} from ${record.address}`,
    ...(record.resource === null ? [] : [`  on     ${record.resource}`]),
    '',
    causeText(explanation),
    ...explanation.nextSteps.map((step) => `→ ${stepText(step)}`),
    ...decisionLines(record),
    ...signatureLines(record),
  ].join('\n');
}

function decisionLines({ explanation: { decision } }: RefusalRecord): string[] {
  if (decision === null) return [];
  const rows = decision.layers.map(
    ({ layer, says, standsInTheWay }) =>
      `  ${layerText(layer).padEnd(26)} ${says}${standsInTheWay ? '   ← without it the request would be allowed' : ''}`,
  );
  const by = decision.decidedBy;
  const statement = by?.statement ?? null;
  const quoted = statement === null ? [] : ['', `Of "${by?.policy}":`, indent(JSON.stringify(statement, null, 2))];
  return ['', `${decision.action} on ${decision.resource}`, ...rows, ...quoted];
}

function signatureLines({ explanation: { signature } }: RefusalRecord): string[] {
  if (signature === null) return [];
  const { canonicalRequest, stringToSign, matched, requestTime, serverTime, skewSeconds, tried } = signature;
  return [
    '',
    `The request was signed at ${requestTime ?? 'an unknown time'}; the server's time was ${serverTime}${skewSeconds === null ? '' : ` (${skewSeconds} s apart)`}.`,
    ...(canonicalRequest === null ? [] : ['', 'Canonical request, as the server built it:', indent(canonicalRequest)]),
    ...(stringToSign === null ? [] : ['', 'String to sign:', indent(stringToSign)]),
    ...(matched?.canonicalRequest == null
      ? []
      : ['', `What the client signed (${matched.variant}):`, indent(matched.canonicalRequest)]),
    ...(matched === null ? ['', `${tried} readings of the request were tried.`] : []),
  ];
}

const indent = (text: string): string => text.replace(/^/gm, '  ');
