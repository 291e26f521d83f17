import type { Command } from 'commander';
import { attachS3Key, detachS3Key } from '../../identity/attach-s3-key.ts';
import type { CliContext } from '../context.ts';
import { type Options, textOption, withIdentity } from './identity-context.ts';
import { serviceAccountOf } from './policy-target.ts';
import { keyOf } from './s3-key-change.ts';
import { print, show } from './s3-key-shown.ts';

export function registerAttach(s3Key: Command, context: CliContext): void {
  const attach = s3Key
    .command('attach')
    .description('attach a key to a service account: it has its rights from its next request on')
    .argument('<ID>', 'of the key, not the access key')
    .requiredOption('--service-account <S>', 'name or id');
  attach.action(async (id: string, options: Options) => {
    const changed = await withIdentity(attach, context, async (deps) => {
      const key = await keyOf(deps, id);
      const named = textOption(options, 'serviceAccount') ?? '';
      const { serviceAccountId } = await serviceAccountOf(deps, key.accountId, named);
      return attachS3Key(deps, key, serviceAccountId);
    });
    print(attach, context, show(changed));
  });
}

export function registerDetach(s3Key: Command, context: CliContext): void {
  const detach = s3Key
    .command('detach')
    .description('give a key its creator’s rights again, from its next request on')
    .argument('<ID>', 'of the key, not the access key');
  detach.action(async (id: string) => {
    const changed = await withIdentity(detach, context, async (deps) => detachS3Key(deps, await keyOf(deps, id)));
    print(detach, context, show(changed));
  });
}
