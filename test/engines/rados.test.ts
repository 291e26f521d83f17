import { after } from 'node:test';
import { rados } from '../contract/adapters.ts';
import { blobStoreSuite } from '../contract/blob-store.suite.ts';
import { shareCeph } from '../support/ceph.ts';
import { gatewayTests } from './gateways.ts';
import { radosFaultTests } from './rados-faults.ts';

const ceph = await shareCeph();
after(() => ceph[Symbol.asyncDispose]());

blobStoreSuite([rados]);
gatewayTests();
radosFaultTests(ceph);
