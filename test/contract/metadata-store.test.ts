import { lmdb } from './adapters.ts';
import { metadataStoreSuite } from './metadata-store.suite.ts';

metadataStoreSuite([lmdb]);
