// The ratios that smoke.test.ts compares with.
import { readEnvironment } from '../report/environment.ts';
import { type BenchOptions, saveResult } from '../report/results.ts';
import { openSmokeBench, SMOKE_CASES } from './measure.ts';

const SLICES = 9;

export async function benchSmoke(options: BenchOptions): Promise<void> {
  const environment = readEnvironment(new Date());
  const { workers, say } = options;
  await using bench = await openSmokeBench();
  const ratios: Record<string, number> = {};
  for (const what of SMOKE_CASES) {
    const ratio = await bench.ratio(what, SLICES);
    if (ratio === null) say(`${what}: the machine is too busy with other things to tell; no ratio`);
    else ratios[what] = ratio;
  }
  say(`smoke: ${JSON.stringify(ratios)}`);
  await saveResult(options, 'smoke', { environment, workers, ratios });
}
