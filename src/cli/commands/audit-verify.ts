import type { Command } from 'commander';
import { verifyTrail } from '../../audit/verify.ts';
import { type CliContext, CliError, printResult, withStores } from '../context.ts';
import { progressLine } from '../progress.ts';
import { type Options, textOption } from './identity-context.ts';

export function registerAuditVerify(audit: Command, context: CliContext): void {
  const verify = audit
    .command('verify')
    .description('read the whole trail and say what was altered, removed, put in or cut off')
    .option('--index', 'also make the index again and compare it: does a search find everything?')
    .option('--expect <N:HASH>', 'a checkpoint that an earlier verify printed: it must still be there');
  verify.action(async (options: Options) => {
    const expected = expectedFrom(textOption(options, 'expect'));
    const result = await withStores(verify, context, async ({ identity }) => {
      using progress = progressLine();
      const onProgress = (records: number): void => progress.show(`${records} records read`);
      return verifyTrail(identity, { expected, index: options['index'] === true, onProgress });
    });
    const { last, findings, ...counts } = result;
    const isJson = verify.optsWithGlobals()['json'] === true;
    const checkpoint = last.n === 0 ? null : `${last.n}:${last.hash}`;
    const shown = { ...counts, lastCheckpoint: checkpoint };
    if (isJson) printResult(verify, context, { ...shown, findings });
    else printResult(verify, context, findings.length === 0 ? { ...shown, result: 'whole' } : findings);
    if (findings.length > 0) {
      throw new CliError(`the audit trail is not whole: ${findings.length} findings, see above`);
    }
  });
}

function expectedFrom(text: string | undefined): { readonly n: number; readonly hash: string } | null {
  if (text === undefined) return null;
  const [, n, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (n !== undefined && hash !== undefined) return { n: Number(n), hash };
  throw new CliError('--expect is NUMBER:HASH, as an earlier vstorage audit verify printed it', { usage: true });
}
