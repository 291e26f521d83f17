// The programs the tests drive that npm does not bring: installed on Debian as root, elsewhere named when missing.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, root } from '../scripts/run.ts';

/** command → Debian package */
const TOOLS: Readonly<Record<string, string>> = {
  chromium: 'chromium',
  s3cmd: 's3cmd',
  rclone: 'rclone',
  aws: 'awscli',
  restic: 'restic',
  certutil: 'libnss3-tools',
  openssl: 'openssl',
  curl: 'curl',
  wrk: 'wrk',
  s3fs: 's3fs',
  pgbackrest: 'pgbackrest',
  pg_ctlcluster: 'postgresql',
  'ceph-mon': 'ceph-mon',
  'ceph-mgr': 'ceph-mgr',
  'ceph-osd': 'ceph-osd',
  rados: 'ceph-common',
  haproxy: 'haproxy',
  strace: 'strace',
  python3: 'python3',
  'fc-list': 'fontconfig',
};
const MORE_PACKAGES = ['python3-venv', 'ca-certificates', 'fonts-noto-core'];
const PYTHON_PACKAGES = ['boto3'];
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const VENV = join(root, '.cache', 'python');

/** The Python of the tests, with the current boto3. */
export const testPython = join(VENV, 'bin', 'python');

/** Resolves with what is missing and could not be installed. */
export async function ensureSystemTools(): Promise<string[]> {
  const missing = Object.keys(TOOLS).filter((command) => !isOnPath(command));
  if (missing.length > 0) await installPackages(missing);
  const stillMissing = missing.filter((command) => !isOnPath(command));
  const names = stillMissing.map((command) => `${command} (Debian package ${TOOLS[command]})`);
  return [...names, ...(await ensurePython())];
}

function isOnPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}

async function installPackages(commands: readonly string[]): Promise<void> {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return;
  const packages = [...commands.flatMap((command) => TOOLS[command] ?? []), ...MORE_PACKAGES];
  process.stdout.write(`Installing ${packages.join(', ')}…\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, timeoutMs: INSTALL_TIMEOUT_MS };
  const updated = await run('apt-get', ['update', '-q'], options);
  const installed = await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], options);
  for (const step of [updated, installed]) if (!step.ok) process.stdout.write(step.output);
}

async function ensurePython(): Promise<string[]> {
  const check = ['-c', PYTHON_PACKAGES.map((name) => `import ${name}`).join('; ')];
  if (existsSync(testPython) && (await run(testPython, check)).ok) return [];
  process.stdout.write(`Installing ${PYTHON_PACKAGES.join(', ')} for Python…\n`);
  const options = { timeoutMs: INSTALL_TIMEOUT_MS };
  const made = await run('python3', ['-m', 'venv', '--clear', VENV], options);
  const installed = made.ok
    ? await run(testPython, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...PYTHON_PACKAGES], options)
    : made;
  if (installed.ok) return [];
  process.stdout.write(installed.output);
  return [`${PYTHON_PACKAGES.join(', ')} for Python (in ${VENV})`];
}
