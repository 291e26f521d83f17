// `npm start -- [options]`: builds the console when it is missing or out of date, then is `vstorage serve [options]`.
import { join } from 'node:path';
import { buildConsole, isConsoleCurrent } from './build-console.ts';
import { root } from './run.ts';

if (!(await isConsoleCurrent())) {
  process.stdout.write('Building the console (once per change)…\n');
  if (!(await buildConsole())) {
    process.stderr.write('vstorage: the console could not be built: see above, then run npm start again\n');
    process.exit(1);
  }
}
// The server takes this process's place: signals and the process id need no passing on.
const args = [process.execPath, join(root, 'bin/vstorage.js'), 'serve', ...process.argv.slice(2)];
if (process.execve) process.execve(process.execPath, args, process.env);
process.stderr.write('vstorage: this platform cannot replace a process: run npx vstorage serve\n');
process.exitCode = 1;
