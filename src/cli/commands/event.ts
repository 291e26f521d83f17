import type { Command } from 'commander';
import { clearDead, listDead } from '../../events/deliver.ts';
import type { Stores } from '../../stores.ts';
import type { CliContext } from '../context.ts';
import { printResult, withStores } from '../context.ts';

const MAX_LISTED = 1000;

export function registerEvent(program: Command, context: CliContext): void {
  const event = program.command('event').description('events that could not be delivered within a day');
  const list = event.command('list').description('show them, with what went wrong last');
  list.action(async () => printResult(list, context, await withStores(list, context, listFailed)));
  const retry = event.command('retry').description('deliver them once more');
  retry.action(async () => {
    const retried = await withStores(retry, context, ({ storage }) => clearDead(storage, true));
    printResult(retry, context, { retried });
  });
  const forget = event.command('forget').description('drop them for good');
  forget.action(async () => {
    const forgotten = await withStores(forget, context, ({ storage }) => clearDead(storage, false));
    printResult(forget, context, { forgotten });
  });
}

async function listFailed({ storage }: Stores): Promise<readonly Record<string, unknown>[]> {
  const records = await listDead(storage, MAX_LISTED);
  return records.map(({ id, arn, bucket, createdAt, attempts, lastError, event }) => ({
    id,
    bucket,
    target: arn,
    event: event['eventName'] ?? event['Event'],
    createdAt: new Date(createdAt).toISOString(),
    attempts,
    lastError,
  }));
}
