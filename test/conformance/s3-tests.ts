// Runs a checkout of ceph/s3-tests against a server of its own, over HTTPS with the local CA:
//   node test/conformance/s3-tests.ts DIR [--only s3|iam|iam-translated] [-k EXPRESSION] [--engines postgres+rados]
//     [--show] [--write]
// Tests marked `fails_on_aws` do not count: AWS itself behaves otherwise. Tests of s3-tests-left-out.tsv (a name and
// a reason each) are run and reported, and do not count either. `--show` prints what pytest says.
// `--write` keeps the results, per test, beside this file; with `-k` the others of the file stay, and it says which ran
// again. Engines other than the embedded ones are throw-away ones.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCommand } from '../support/run-command.ts';
import { startEngines } from '../support/throw-away-engines.ts';
import { startIdentityProvider } from './identity-provider.ts';
import { startSuiteServer, type SuiteConfigurations, suitePython, writeSuiteConfiguration } from './s3-tests-setup.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const LEFT_OUT = join(HERE, 's3-tests-left-out.tsv');
const MINUTE_MS = 60_000;
const EMBEDDED = 'lmdb+files';
const SCALE_OUT = 'postgres+rados';

type Phase = { name: string; workers: number; testTimeoutSeconds: number; configuration: keyof SuiteConfigurations };
type Part = {
  name: string;
  files: readonly string[];
  phases: readonly Phase[];
  results: string;
  /** 0: every test is only reported */
  requiredShare: number;
};
const iamPhase = { name: 'iam', workers: 0, testTimeoutSeconds: 180 };

const parts: readonly Part[] = [
  {
    name: 's3',
    files: ['test_s3.py', 'test_headers.py'],
    phases: [
      { name: 'serial', workers: 0, testTimeoutSeconds: 180, configuration: 'main' },
      { name: 'main', workers: 3, testTimeoutSeconds: 180, configuration: 'main' },
      { name: 'slow', workers: 10, testTimeoutSeconds: 420, configuration: 'main' },
      { name: 'transition', workers: 10, testTimeoutSeconds: 420, configuration: 'transition' },
    ],
    results: join(HERE, 's3-tests-results.json'),
    requiredShare: 0.97,
  },
  {
    name: 'iam',
    files: ['test_iam.py', 'test_sts.py'],
    // every test deletes what all the others have made
    phases: [{ ...iamPhase, configuration: 'iam' }],
    results: join(HERE, 'iam-tests-results.json'),
    requiredShare: 0.95,
  },
  {
    // the same with what is Ceph's own way of writing translated to AWS's: ARNs without an account, users of one tenant
    name: 'iam-translated',
    files: ['test_iam.py', 'test_sts.py'],
    // one of its tests waits fifteen minutes for credentials to expire
    phases: [{ ...iamPhase, testTimeoutSeconds: 1000, configuration: 'oneAccount' }],
    results: join(HERE, 'iam-tests-translated-results.json'),
    requiredShare: 0,
  },
];

type Line = { test: string; when: string; outcome: 'passed' | 'failed' | 'skipped'; marks: string[]; message: string };
export type Result = { test: string; outcome: Line['outcome']; failsOnAws: boolean; message: string };

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    k: { type: 'string', short: 'k' },
    only: { type: 'string' },
    engines: { type: 'string', default: EMBEDDED },
    show: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const [checkout] = positionals;
if (checkout === undefined)
  throw new Error('name the checkout of ceph/s3-tests: node test/conformance/s3-tests.ts DIR');
if (flags.engines !== EMBEDDED && flags.engines !== SCALE_OUT)
  throw new Error(`--engines takes ${EMBEDDED} or ${SCALE_OUT}`);
process.exitCode = (await main(resolve(checkout))) ? 0 : 1;

async function main(suite: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'vstorage-s3-tests-'));
  const commits = { suite: await commitOf(suite), vstorage: await commitOf(HERE) };
  try {
    await using engines = flags.engines === SCALE_OUT ? await startEngines({ rados: true }) : null;
    await using server = await startSuiteServer(engines?.makePlace ?? null);
    // at a fixed port, so two runs at once are only possible without
    await using provider = flags.only === 's3' ? null : await startIdentityProvider();
    const files = await writeSuiteConfiguration(server, folder, provider?.section ?? []);
    const around = { suite, ...files, python: await suitePython(), caFile: server.caFile };
    let enough = true;
    for (const part of parts.filter(({ name }) => flags.only === undefined || name === flags.only)) {
      const results = join(folder, `${part.name}.jsonl`);
      await writeFile(results, '');
      for (const phase of part.phases) await runPhase(phase, part, { ...around, results });
      const passed = await report(part, parseResults(await readFile(results, 'utf8')), commits);
      enough = enough && passed;
    }
    return enough;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Surroundings = {
  suite: string;
  python: string;
  configurations: SuiteConfigurations;
  iamAccountId: string;
  results: string;
  caFile: string;
};

async function runPhase(phase: Phase, { files }: Part, around: Surroundings): Promise<void> {
  const args = ['-m', 'pytest', '-p', 's3_tests_plugin', '-p', 'no:cacheprovider', '-q', '--tb=short', '-W', 'ignore'];
  args.push(`--timeout=${phase.testTimeoutSeconds}`, ...(phase.workers > 0 ? ['-n', String(phase.workers)] : []));
  if (flags.k !== undefined) args.push('-k', flags.k);
  process.stdout.write(`phase ${phase.name}\n`);
  const child = spawn(around.python, [...args, ...files.map((file) => `s3tests/functional/${file}`)], {
    cwd: around.suite,
    env: suiteEnvironment(phase, around),
    stdio: ['ignore', flags.show ? 'inherit' : 'ignore', 'inherit'],
    timeout: 60 * MINUTE_MS,
  });
  await new Promise((done, failed) => child.once('error', failed).once('close', done));
}

function suiteEnvironment(
  phase: Phase,
  { suite, configurations, iamAccountId, results, caFile }: Surroundings,
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: tmpdir(),
    PYTHONPATH: `${suite}:${HERE}`,
    PYTHONDONTWRITEBYTECODE: '1',
    S3TEST_CONF: configurations[phase.configuration],
    S3_TESTS_ACCOUNT: phase.configuration === 'oneAccount' ? iamAccountId : '',
    S3_TESTS_CA: caFile,
    S3_TESTS_PHASE: phase.name,
    S3_TESTS_RESULTS: results,
    REQUESTS_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
    AWS_CA_BUNDLE: caFile,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

/** A test that passed and then could not clean up after itself has failed. */
function parseResults(lines: string): Result[] {
  const byTest = new Map<string, Result>();
  for (const text of lines.split('\n').filter(Boolean)) {
    const { test, outcome, marks, message } = JSON.parse(text) as Line;
    if (byTest.get(test)?.outcome === 'failed') continue;
    byTest.set(test, { test, outcome, failsOnAws: marks.includes('fails_on_aws'), message });
  }
  return [...byTest.values()].sort((a, b) => (a.test < b.test ? -1 : 1));
}

type Commits = { readonly suite: string; readonly vstorage: string };

async function report(part: Part, found: readonly Result[], commits: Commits): Promise<boolean> {
  const isPart = flags.write && flags.k !== undefined;
  const results = isPart ? withKept(await readKept(part), found) : found;
  const leftOut = part.requiredShare === 0 ? new Map<string, string>() : await readLeftOut();
  const portable = results.filter(({ failsOnAws }) => !failsOnAws);
  const counted = portable.filter(({ test }) => !leftOut.has(nameOf(test)));
  const failed = counted.filter(({ outcome }) => outcome !== 'passed');
  for (const { test, outcome, message } of failed)
    process.stdout.write(`${outcome} ${test}: ${message.split('\n')[0]}\n`);
  const passed = counted.length - failed.length;
  const summary = `${passed} of ${counted.length} passed; ${portable.length - counted.length} left out with a reason`;
  process.stdout.write(`${part.files.join(' and ')}, not marked fails_on_aws: ${summary}\n`);
  const again = isPart ? { ranAgain: found.map(({ test }) => test) } : {};
  if (flags.write) await keepResults(part, results, commits, { summary, ...again });
  return counted.length > 0 && passed / counted.length >= part.requiredShare;
}

function nameOf(test: string): string {
  return test.slice(test.indexOf('::') + 2);
}

async function readLeftOut(): Promise<ReadonlyMap<string, string>> {
  const lines = (await readFile(LEFT_OUT, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.split('\t')[0] ?? '', line.split('\t')[1] ?? '']));
}

async function commitOf(folder: string): Promise<string> {
  return (await runCommand('git', ['-C', folder, 'rev-parse', 'HEAD'], { cwd: folder })).trim();
}

async function keepResults(
  part: Part,
  results: readonly Result[],
  { suite, vstorage }: Commits,
  notes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const kept = {
    suite: `ceph/s3-tests ${suite}`,
    vstorage,
    engines: flags.engines,
    ...notes,
    results: Object.fromEntries(
      results.map(({ test, outcome, failsOnAws }) => [test, failsOnAws ? `${outcome} (fails_on_aws)` : outcome]),
    ),
  };
  await writeFile(resultsOf(part), `${JSON.stringify(kept, null, 1)}\n`);
}

function resultsOf(part: Part): string {
  return flags.engines === EMBEDDED ? part.results : part.results.replace('.json', `-${SCALE_OUT}.json`);
}

async function readKept(part: Part): Promise<Readonly<Record<string, string>>> {
  const { results } = JSON.parse(await readFile(resultsOf(part), 'utf8')) as { results: Record<string, string> };
  return results;
}

function withKept(kept: Readonly<Record<string, string>>, found: readonly Result[]): Result[] {
  const results = new Map<string, Result>();
  for (const [test, text] of Object.entries(kept)) {
    const outcome = (['passed', 'skipped'] as const).find((one) => text.startsWith(one)) ?? 'failed';
    results.set(test, { test, outcome, failsOnAws: text.includes('fails_on_aws'), message: 'as in the run before' });
  }
  for (const one of found) results.set(one.test, one);
  return [...results.values()].sort((a, b) => (a.test < b.test ? -1 : 1));
}
