import type { Command } from 'commander';
import { collectGarbage, giveUpStaged } from '../../storage/collect-garbage.ts';
import type { Stores } from '../../stores.ts';
import type { CliContext } from '../context.ts';
import { printResult, withStores } from '../context.ts';

export function registerGc(program: Command, context: CliContext): void {
  const command = program
    .command('gc')
    .description('delete now what no object names any more and is due (the server does so by itself)');
  command.action(async () => {
    printResult(command, context, await withStores(command, context, collectAll));
  });
}

/** Each unit is a transaction of its own, so a running server may collect at the same time. */
async function collectAll({ storage }: Stores): Promise<{ deletedBlobs: number; abandonedUploads: number }> {
  let deletedBlobs = 0;
  let abandonedUploads = 0;
  for (;;) {
    const abandoned = await giveUpStaged(storage);
    const deleted = await collectGarbage(storage);
    abandonedUploads += abandoned;
    deletedBlobs += deleted;
    if (abandoned + deleted === 0) return { deletedBlobs, abandonedUploads };
  }
}
