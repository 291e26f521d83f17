import type { Command } from 'commander';
import { scrub, type ScrubResult } from '../../storage/scrub.ts';
import { type CliContext, CliError, printResult, withStores } from '../context.ts';
import { progressLine } from '../progress.ts';

export function registerScrub(program: Command, context: CliContext): void {
  const command = program
    .command('scrub')
    .description('read everything that is stored and name what cannot be read back; changes nothing')
    .option('--bucket <NAME>', 'this bucket only');
  command.action(async (options: { readonly bucket?: string }) => {
    const { bucket } = options;
    const result = await withStores(command, context, async ({ storage }) => {
      using progress = progressLine();
      return scrub(storage, {
        ...(bucket === undefined ? {} : { bucket }),
        report: ({ objects, bytes }) => progress.show(`${objects} objects, ${bytes} bytes read`),
      });
    });
    printResult(command, context, shown(command, result));
    if (result.faults.length > 0) {
      throw new CliError(`${result.faults.length} of ${result.objects} objects cannot be read back: restore them`);
    }
  });
}

/** As a table: the faults, or that there are none. */
function shown(
  command: Command,
  result: ScrubResult,
): Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] {
  const asJson = command.optsWithGlobals()['json'] === true;
  if (asJson || result.faults.length === 0) return { ...result, faults: asJson ? result.faults : 0 };
  return result.faults;
}
