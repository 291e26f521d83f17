// `npm run build`: what a published package needs, because Node strips no types under node_modules: the JavaScript in
// dist/, the console in console/dist/, and a list of everything inside in dist/sbom.cdx.json.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildConsole } from './build-console.ts';
import { root, run } from './run.ts';

await rm(join(root, 'dist'), { recursive: true, force: true });
const compiled = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  inherit: true,
});
process.exitCode = compiled.ok && (await buildConsole()) && (await writeSbom()) ? 0 : 1;

/** What is inside, for those who must know (CycloneDX). */
async function writeSbom(): Promise<boolean> {
  const program = 'node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js';
  const options = [
    '--omit',
    'dev',
    '--package-lock-only',
    '--output-reproducible',
    '--output-file',
    'dist/sbom.cdx.json',
  ];
  return (await run(process.execPath, [program, ...options], { inherit: true })).ok;
}
