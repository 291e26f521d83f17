import { after } from 'node:test';
import { sharePostgres } from '../support/postgres.ts';
import { postgres } from './adapters.ts';
import { metadataStoreSuite } from './metadata-store.suite.ts';

const server = await sharePostgres();
after(() => server[Symbol.asyncDispose]());

metadataStoreSuite([postgres]);
