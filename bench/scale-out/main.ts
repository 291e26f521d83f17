// What one machine's bench has no place for: other engines, other gateways. Each part writes its figures to bench/results/.
//   node bench/scale-out/main.ts radosgw  [--only PUT-4096,GET,LIST] [--rounds N] [--seconds N] [--no-peer]
//   node bench/scale-out/main.ts gateways [--rounds N] [--seconds N]
//   node bench/scale-out/main.ts cost     [--objects N]
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../report/environment.ts';
import { makeBodyFiles } from '../table/body-files.ts';
import { measureAgainstRadosGateway, WANTED } from './against-radosgw.ts';
import { measureCost } from './cost.ts';
import { measureGateways } from './gateways.ts';
import { costPage, gatewaysPage, radosGatewayPage } from './pages.ts';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));
const WORKERS = 2;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string' },
    objects: { type: 'string', default: '100000' },
    peer: { type: 'boolean', default: true },
    out: { type: 'string', default: RESULTS },
  },
});
const startedAtMs = performance.now();
const say = (line: string): void =>
  void process.stdout.write(`${String(Math.round((performance.now() - startedAtMs) / 1000)).padStart(4)} s  ${line}\n`);
const environment = readEnvironment(new Date());
const rounds = Number(values.rounds);

const parts: Readonly<Record<string, () => Promise<void>>> = {
  radosgw: benchAgainstRadosGateway,
  gateways: benchGateways,
  cost: benchCost,
};
const run = parts[positionals[0] ?? ''];
if (run === undefined) throw new Error(`name a part: ${Object.keys(parts).join(', ')}`);
await run();

async function benchAgainstRadosGateway(): Promise<void> {
  const only = values.only?.split(',');
  const cases = WANTED.filter(
    ({ operation, sizeBytes }) =>
      only === undefined || only.includes(operation) || only.includes(`${operation}-${sizeBytes}`),
  );
  await using bodies = await makeBodyFiles();
  const seconds = Number(values.seconds ?? 3);
  const options = { workers: WORKERS, cases, rounds, seconds, peer: values.peer, bodies, say };
  const measured = await measureAgainstRadosGateway(options);
  if (only !== undefined || !values.peer) return;
  const report = { environment, workers: WORKERS, rounds, seconds, measured };
  await save('radosgw', report, radosGatewayPage(report));
}

async function benchGateways(): Promise<void> {
  const load = { gateways: 3, clientsEach: 20, thinkMs: 250, seconds: Number(values.seconds ?? 8) };
  const figures = await measureGateways({ ...load, rounds, say });
  const report = { environment, ...load, rounds, figures };
  await save('gateways', report, gatewaysPage(report));
}

async function benchCost(): Promise<void> {
  const costs = await measureCost({ objects: Number(values.objects), say });
  const report = { environment, costs };
  await save('cost', report, costPage(report));
}

async function save(name: string, report: unknown, page: string): Promise<void> {
  await mkdir(values.out, { recursive: true });
  await writeFile(join(values.out, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(values.out, `${name}.md`), page);
  say(page);
}
