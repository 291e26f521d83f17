// Entry of the `vstorage` command.
import { fileURLToPath } from 'node:url';
import { runCli } from './cli/main.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

await runCli(process.argv.slice(2), {
  // Loaded when a command needs it: `vstorage --help` does not wait for a database engine.
  openStores: async (config) => (await import('./stores.ts')).openStores(config),
  openEngines: async (config) => (await import('./stores.ts')).openEngines(config),
  workerFile: fileURLToPath(new URL(`./worker.${extension}`, import.meta.url)),
});
