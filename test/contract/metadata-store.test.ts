import { metadataAdapters } from './adapters.ts';
import { metadataStoreSuite } from './metadata-store.suite.ts';

metadataStoreSuite(metadataAdapters);
