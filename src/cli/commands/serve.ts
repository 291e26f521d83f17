import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { configFor } from '../context.ts';
import { addSettings, refuseLaterSettings } from '../options.ts';

export function registerServe(program: Command, context: CliContext): void {
  const command = program.command('serve').description('start the server: the S3 API and the console');
  addSettings(command, 'serve');
  refuseLaterSettings(command);
  command.action(async () => {
    const { serve } = await import('../../process/serve.ts');
    await serve(configFor(command, context), context, stopSignal());
  });
}

/** The first signal stops gracefully, a second one at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(1);
      stop.abort();
    });
  }
  return stop.signal;
}
