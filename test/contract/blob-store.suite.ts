// What every blob store must do (src/blobs/blob-store.ts). Add an adapter in adapters.ts.
import { describe } from 'node:test';
import type { BlobAdapter } from './adapters.ts';
import { damageTests } from './blobs/damage.ts';
import { roundTripTests } from './blobs/round-trips.ts';
import { unfinishedTests } from './blobs/unfinished.ts';

export function blobStoreSuite(adapters: readonly BlobAdapter[]): void {
  for (const adapter of adapters) {
    describe(`blob store ${adapter.name}`, () => {
      roundTripTests(adapter);
      unfinishedTests(adapter);
      damageTests(adapter);
    });
  }
}
