// `npm run bench:scale-out -- radosgw [--only PUT,GET,LIST] [--rounds N] [--seconds N] [--no-peer] [--write]`
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../report/environment.ts';
import { makeBodyFiles } from '../table/body-files.ts';
import { measureAgainstRadosGateway, WANTED } from './against-radosgw.ts';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    workers: { type: 'string', default: '2' },
    peer: { type: 'boolean', default: true },
    write: { type: 'boolean', default: false },
  },
});
const startedAtMs = performance.now();
const say = (line: string): void =>
  void process.stdout.write(`${String(Math.round((performance.now() - startedAtMs) / 1000)).padStart(4)} s  ${line}\n`);

const [part] = positionals;
if (part === 'radosgw') await benchAgainstRadosGateway();
else throw new Error('name a part: radosgw');

async function benchAgainstRadosGateway(): Promise<void> {
  const environment = readEnvironment(new Date());
  const workers = Number(values.workers);
  const wanted = values.only?.split(',');
  const cases = WANTED.filter(
    ({ operation, sizeBytes }) =>
      wanted === undefined || wanted.includes(operation) || wanted.includes(`${operation}-${sizeBytes}`),
  );
  await using bodies = await makeBodyFiles();
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  const measured = await measureAgainstRadosGateway({
    workers,
    cases,
    rounds,
    seconds,
    peer: values.peer,
    bodies,
    say,
  });
  if (!values.write) return;
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${RESULTS}radosgw.json`, `${JSON.stringify({ environment, workers, measured }, null, 2)}\n`);
}
