import { after } from 'node:test';
import { shareCeph } from '../support/ceph.ts';
import { rados } from './adapters.ts';
import { blobStoreSuite } from './blob-store.suite.ts';

const ceph = await shareCeph();
after(() => ceph[Symbol.asyncDispose]());

blobStoreSuite([rados]);
