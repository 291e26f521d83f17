import { files } from './adapters.ts';
import { blobStoreSuite } from './blob-store.suite.ts';

blobStoreSuite([files]);
