// The trust stores of Chromium and Firefox (NSS), which on Linux do not look at the system's.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../context.ts';
import { errnoOf } from '../../shared/errno.ts';

/** Where browsers keep profiles, below the home directory; each profile is a store of its own. */
const FIREFOX_ROOTS = [
  '.mozilla/firefox',
  'snap/firefox/common/.mozilla/firefox',
  '.var/app/org.mozilla.firefox/.mozilla/firefox',
];
const MISSING = 'certutil is missing (on Debian: apt-get install libnss3-tools), so browsers will not know the CA';

/** Answers what was done, one line per store. */
export function installInNss(home: string, caFile: string, name: string): string[] {
  if (process.platform === 'darwin') return [];
  const shared = join(home, '.pki', 'nssdb');
  if (!existsSync(join(shared, 'cert9.db'))) createStore(shared);
  return findStores(home).map((store) => {
    removeAll(store, name);
    certutil(store, ['-A', '-n', name, '-t', 'C,,', '-i', caFile]);
    return `installed in ${store}`;
  });
}

export function removeFromNss(home: string, name: string): string[] {
  if (process.platform === 'darwin') return [];
  return findStores(home).map((store) => `${removeAll(store, name) ? 'removed from' : 'not in'} ${store}`);
}

function createStore(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  certutil(folder, ['-N', '--empty-password']);
}

function findStores(home: string): string[] {
  const profiles = FIREFOX_ROOTS.map((folder) => join(home, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((profile) => join(folder, profile)));
  return [join(home, '.pki', 'nssdb'), ...profiles].filter((folder) => existsSync(join(folder, 'cert9.db')));
}

/** An older CA may stand under the same name: certutil takes one away at a time. */
function removeAll(store: string, name: string): boolean {
  let removed = false;
  while (isIn(store, name)) {
    certutil(store, ['-D', '-n', name]);
    removed = true;
  }
  return removed;
}

function isIn(store: string, name: string): boolean {
  try {
    execFileSync('certutil', ['-d', `sql:${store}`, '-L', '-n', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function certutil(store: string, args: readonly string[]): void {
  try {
    execFileSync('certutil', ['-d', `sql:${store}`, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw new CliError(MISSING, { cause: error });
    const reason = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new CliError(`the browser store ${store} cannot be changed: ${reason}`, { cause: error });
  }
}
