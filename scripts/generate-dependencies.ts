// docs/dependencies.md: every package that runs in production, from the lock file. A licence that is not on the list, or a
// new package that wants to run a script at its installation, is an error: somebody has to look at it first.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './run.ts';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

/** Permissive, and compatible with Apache-2.0. OFL-1.1 is for the font. */
const allowedLicences: ReadonlySet<string> = new Set([
  '(MIT OR CC0-1.0)',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Unlicense',
]);

/** They bring their binaries; the script only looks whether one fits, and compiles when none does. */
const scriptsLookedAt: ReadonlySet<string> = new Set(['koffi', 'lmdb', 'msgpackr-extract']);

type Package = { readonly name: string; readonly version: string; readonly licence: string };

function productionPackages(): Package[] {
  const lock = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const found = new Map<string, Package>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    const name = path.split('node_modules/').at(-1) ?? '';
    if (!path.includes('node_modules/') || entry.dev || entry.link) continue;
    if (entry.hasInstallScript && !scriptsLookedAt.has(name)) throw new Error(`${name} wants an install script`);
    const { version = '', license: licence = '' } = entry;
    if (!allowedLicences.has(licence)) throw new Error(`${name} has the licence "${licence}": is that allowed?`);
    found.set(`${name} ${version}`, { name, version, licence });
  }
  return [...found.values()].toSorted((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
}

/** The document with its table renewed; the text around the markers is written by hand. */
export function withDependencies(current: string): string {
  const before = current.split(/(?<=<!-- packages: .* -->\n)/)[0];
  const after = current.split(/(?=<!-- \/packages -->)/)[1];
  if (before === undefined || after === undefined) throw new Error('docs/dependencies.md has lost its markers');
  const rows = productionPackages().map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return `${before}${['| package | version | licence |', '|---|---|---|', ...rows, ''].join('\n')}${after}`;
}
