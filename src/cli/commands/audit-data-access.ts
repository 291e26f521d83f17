import { type Command, Option } from 'commander';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import { type DataAccess, dataAccessOf, setDataAccess } from '../../storage/bucket-audit.ts';
import { findBucket } from '../../storage/buckets.ts';
import type { BucketName, Region } from '../../shared/ids.ts';
import type { Stores } from '../../stores.ts';
import { type CliContext, CliError, printResult, withStores } from '../context.ts';

const CHOICES: readonly DataAccess[] = ['none', 'write', 'all'];

type Wish = { readonly bucket: string; readonly region?: string; readonly set?: DataAccess };

export function registerDataAccess(audit: Command, context: CliContext): void {
  const command = audit
    .command('data-access')
    .description('which requests for objects of a bucket are recorded; in force at the next request')
    .requiredOption('--bucket <NAME>', 'of any account')
    .option('--region <R>', 'where it is, when the server has several')
    .addOption(new Option('--set <WHICH>', 'none, write (what changes something) or all').choices(CHOICES));
  command.action(async (wish: Wish) => {
    const bucket = await withStores(command, context, (stores) => change(stores, wish));
    const { name, region, accountId, projectId } = bucket;
    printResult(command, context, { bucket: name, region, accountId, projectId, dataAccess: dataAccessOf(bucket) });
  });
}

async function change({ storage, identity }: Stores, wish: Wish): Promise<BucketRecord> {
  const regions: readonly string[] = wish.region === undefined ? identity.regionNames : [wish.region.toUpperCase()];
  for (const region of regions) {
    const bucket = await findBucket({ ...storage, region: region as Region }, wish.bucket as BucketName);
    if (bucket === undefined) continue;
    return wish.set === undefined ? bucket : setDataAccess(storage, bucket, wish.set, async () => {});
  }
  throw new CliError(`there is no bucket ${wish.bucket}: vstorage usage shows what there is`);
}
