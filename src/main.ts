// Entry of the `vstorage` command.
import { fileURLToPath } from 'node:url';
import { openStores } from './stores.ts';
import { runCli } from './cli/main.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

await runCli(process.argv.slice(2), {
  openStores,
  workerFile: fileURLToPath(new URL(`./worker.${extension}`, import.meta.url)),
});
