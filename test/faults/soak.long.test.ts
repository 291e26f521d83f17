import { test } from 'node:test';
import { assertFlat, soak } from './soak.ts';

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 30);

test('30 minutes of mixed load with churn of keys and policies: flat memory, files and latency', {
  timeout: (MINUTES + 5) * 60_000,
}, async (t) => {
  const samples = await soak(MINUTES * 2, 30_000);
  for (const sample of samples) t.diagnostic(JSON.stringify(sample));
  assertFlat(samples);
});
