import { after } from 'node:test';
import { sharePostgres } from '../support/postgres.ts';
import { metadataAdapters } from './adapters.ts';
import { reportsSuite } from './reports.suite.ts';

const server = await sharePostgres();
after(() => server[Symbol.asyncDispose]());

for (const adapter of metadataAdapters) reportsSuite(adapter);
