// docs/performance.md: what people wrote stays, what stands between the marks is written anew from the results, and
// the chart beside it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/run.ts';
import { drawChart } from './chart.ts';
import { figuresPage } from './page.ts';
import { type BenchOptions, readResults, RESULTS } from './results.ts';

const PAGE = join(root, 'docs', 'performance.md');
const CHART = join(root, 'docs', 'performance.svg');
const [BEGIN, END] = ['<!-- written by npm run bench -->', '<!-- end -->'];

/** Only of the results that are kept: those of a trial elsewhere are shown, not written down. */
export async function writePage({ folder, say }: Pick<BenchOptions, 'folder' | 'say'>): Promise<void> {
  const results = await readResults(folder);
  const figures = figuresPage(results);
  say(figures);
  if (join(folder) !== join(RESULTS)) return;
  const page = await readFile(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has lost its marks`);
  await writeFile(PAGE, `${before}${BEGIN}\n\n${figures}\n\n${END}${after}`);
  if (results.table !== undefined) await writeFile(CHART, drawChart(results.table.measured));
}
