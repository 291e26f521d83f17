import type { Command } from 'commander';
import { credentialReport } from '../../identity/credential-report.ts';
import { listS3Keys } from '../../identity/s3-keys.ts';
import type { CliContext } from '../context.ts';
import { type Options, accountOf, projectOf, textOption, withIdentity } from './identity-context.ts';
import { print, show } from './s3-key-shown.ts';

export function registerReport(s3Key: Command, context: CliContext): void {
  const report = s3Key
    .command('report')
    .description('the credential report as CSV: every key with its last use and warnings')
    .requiredOption('--account <A>', 'id or e-mail of the account')
    .option('--project <P>', 'only of this project (id or name)');
  report.action(async (options: Options) => {
    const { keys, now } = await withIdentity(report, context, async (deps) => {
      const { accountId } = await accountOf(deps, textOption(options, 'account'));
      const named = textOption(options, 'project');
      const project = named === undefined ? undefined : await projectOf(deps, accountId, named);
      return { keys: await listS3Keys(deps, { accountId, projectId: project?.projectId }), now: deps.clock() };
    });
    if (report.optsWithGlobals()['json'] === true)
      print(
        report,
        context,
        keys.map((key) => show(key)),
      );
    else context.print(credentialReport(keys, now));
  });
}
