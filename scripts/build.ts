// `npm run build`: what a published package needs, because Node strips no types under node_modules: the JavaScript in
// dist/ and the console in console/dist/.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildConsole } from './build-console.ts';
import { root, run } from './run.ts';

await rm(join(root, 'dist'), { recursive: true, force: true });
const compiled = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  inherit: true,
});
process.exitCode = compiled.ok && (await buildConsole()) ? 0 : 1;
