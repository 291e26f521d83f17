import type { Command } from 'commander';
import type { IdentityDeps } from '../../identity/identity-deps.ts';
import { rotateS3Key } from '../../identity/rotate-s3-key.ts';
import { type S3Key, findS3Key, updateS3Key } from '../../identity/s3-keys.ts';
import type { S3KeyId } from '../../shared/ids.ts';
import { type CliContext, CliError } from '../context.ts';
import { parseDuration } from '../../shared/duration.ts';
import { type Options, textOption, withIdentity } from './identity-context.ts';
import { addRestrictionOptions, restrictionFrom, withRestriction } from './restriction-options.ts';
import { print, show } from './s3-key-shown.ts';

export async function keyOf(deps: IdentityDeps, id: string): Promise<S3Key> {
  const key = await findS3Key(deps, null, id as S3KeyId);
  if (key !== undefined) return key;
  throw new CliError(`there is no S3 key of the id ${id}: vstorage s3-key list --account … shows the ids`);
}

export function registerRotate(s3Key: Command, context: CliContext): void {
  const rotate = s3Key
    .command('rotate')
    .description('put a new pair in the place of a key; this is the only time its secret is shown')
    .argument('<ID>', 'of the key, not the access key')
    .option('--overlap <TIME>', 'how long the old pair goes on working: 0s to 7d (default: 1h)');
  rotate.action(async (id: string, options: Options) => {
    const overlapMs = parseOverlap(textOption(options, 'overlap'));
    const made = await withIdentity(rotate, context, async (deps) => {
      const key = await keyOf(deps, id);
      return rotateS3Key(deps, { accountId: key.accountId, id: key.id, overlapMs });
    });
    print(rotate, context, show(made.record, made.secretKey));
  });
}

function parseOverlap(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const overlapMs = text === '0' ? 0 : parseDuration(text);
  if (overlapMs !== null) return overlapMs;
  throw new CliError(`--overlap "${text}" is not a time such as 30m, 12h or 7d`, { usage: true });
}

export function registerRestrict(s3Key: Command, context: CliContext): void {
  const restrict = s3Key
    .command('restrict')
    .description('narrow what a key may do, from its next request on; what it had before is replaced')
    .argument('<ID>', 'of the key, not the access key')
    .option('--none', 'take the restriction away');
  addRestrictionOptions(restrict);
  restrict.action(async (id: string, options: Options) => {
    const restriction = restrictionFrom(options, context);
    if ((restriction === null) !== (options['none'] === true)) {
      throw new CliError('to what? give --bucket, --allow, --network, --hours or --restrict, or else --none', {
        usage: true,
      });
    }
    const change = (): Promise<S3Key> =>
      withIdentity(restrict, context, async (deps) => {
        const key = await keyOf(deps, id);
        return updateS3Key(deps, { accountId: key.accountId, id: key.id, restriction });
      });
    print(restrict, context, show(await withRestriction(change)));
  });
}
