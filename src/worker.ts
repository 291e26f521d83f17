// What `serve` runs once per core.
import { build } from './build.ts';
import { runWorker } from './process/worker.ts';

await runWorker(build);
