// From the command to the first request it would answer: every worker ready.
import { startServer } from '../../test/support/start-server.ts';
import { median } from '../report/figures.ts';

export type StartFigures = { readonly objects: number; readonly medianMs: number; readonly rounds: readonly number[] };

/** Of a data directory that no server has open. */
export async function measureStart(
  dataDir: string,
  options: { readonly objects: number; readonly workers: number; readonly rounds: number },
): Promise<StartFigures> {
  const rounds: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const startedAtMs = performance.now();
    await using server = await startServer({ dataDir, workers: options.workers });
    rounds.push(performance.now() - startedAtMs);
    await server.stop();
  }
  return { objects: options.objects, medianMs: median(rounds), rounds };
}
