// What every metadata store must do (src/metadata/metadata-store.ts). Add an adapter in adapters.ts.
import { describe } from 'node:test';
import type { MetadataAdapter } from './adapters.ts';
import { counterTests } from './metadata/counters.ts';
import { listingTests } from './metadata/listings.ts';
import { modelTests } from './metadata/model.ts';
import { processTests } from './metadata/processes.ts';
import { readTests } from './metadata/reads.ts';
import { transactionTests } from './metadata/transactions.ts';

export function metadataStoreSuite(adapters: readonly MetadataAdapter[]): void {
  for (const adapter of adapters) {
    describe(`metadata store ${adapter.name}`, () => {
      readTests(adapter);
      transactionTests(adapter);
      counterTests(adapter);
      listingTests(adapter);
      modelTests(adapter);
      processTests(adapter);
    });
  }
}
