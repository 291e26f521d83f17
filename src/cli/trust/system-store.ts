// The trust store that command-line programs use. Each system has a folder for local certificates and a command that
// makes them count.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../context.ts';
import { errnoOf } from '../../shared/errno.ts';

type SystemStore = {
  readonly folder: string;
  readonly extension: string;
  readonly update: readonly [command: string, ...args: string[]];
  /** the same after a removal, when it takes more */
  readonly refresh?: readonly [command: string, ...args: string[]];
};

const STORES: readonly SystemStore[] = [
  // Debian, Ubuntu, Alpine
  {
    folder: '/usr/local/share/ca-certificates',
    extension: 'crt',
    update: ['update-ca-certificates'],
    // Without it the link to the removed certificate stays.
    refresh: ['update-ca-certificates', '--fresh'],
  },
  // Fedora, RHEL
  { folder: '/etc/pki/ca-trust/source/anchors', extension: 'pem', update: ['update-ca-trust', 'extract'] },
  // Arch
  { folder: '/etc/ca-certificates/trust-source/anchors', extension: 'crt', update: ['update-ca-trust'] },
  // openSUSE
  { folder: '/etc/pki/trust/anchors', extension: 'pem', update: ['update-ca-certificates'] },
];
const MAC_KEYCHAIN = '/Library/Keychains/System.keychain';

/** `name` tells this CA from those of other installations. Answers what was done, for people. */
export function installInSystem(caFile: string, name: string): string {
  if (process.platform === 'darwin') {
    runPrivileged('security', ['add-trusted-cert', '-d', '-r', 'trustRoot', '-k', MAC_KEYCHAIN, caFile]);
    return `installed in ${MAC_KEYCHAIN}`;
  }
  const store = findStore();
  const target = join(store.folder, `${name}.${store.extension}`);
  changeAsRoot(target, () => copyFileSync(caFile, target));
  const [command, ...args] = store.update;
  runPrivileged(command, args);
  return `installed as ${target}`;
}

export function removeFromSystem(caFile: string, name: string): string {
  if (process.platform === 'darwin') {
    runPrivileged('security', ['remove-trusted-cert', '-d', caFile]);
    return `removed from ${MAC_KEYCHAIN}`;
  }
  const store = findStore();
  const target = join(store.folder, `${name}.${store.extension}`);
  if (!existsSync(target)) return `not in ${store.folder}`;
  changeAsRoot(target, () => rmSync(target));
  const [command, ...args] = store.refresh ?? store.update;
  runPrivileged(command, args);
  return `removed ${target}`;
}

function findStore(): SystemStore {
  const store = STORES.find(({ folder }) => existsSync(folder));
  if (store) return store;
  throw new CliError('no trust store is known on this system (on Debian: apt-get install ca-certificates)');
}

function changeAsRoot(target: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    const code = errnoOf(error) ?? '';
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
    throw new CliError(`${target} cannot be changed: run this command as root (sudo), or with --no-system`, {
      cause: error,
    });
  }
}

function runPrivileged(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const reason = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new CliError(`${command} failed${reason === '' ? '' : `: ${reason}`}: run this command as root (sudo)`, {
      cause: error,
    });
  }
}
