import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRegionFinder } from './region-of-host.ts';

const han = { name: 'HAN02', domains: ['s3.localhost'], websiteDomains: ['web.localhost'] };
const hcm = { name: 'HCM04', domains: ['hcm04.s3.localhost'], websiteDomains: ['hcm04.web.localhost'] };
const find = createRegionFinder([han, hcm]);

const hosts: Readonly<Record<string, string>> = {
  's3.localhost': 'HAN02',
  'bucket.s3.localhost': 'HAN02',
  'hcm04.s3.localhost': 'HCM04',
  'hcm04.s3.localhost:9000': 'HCM04',
  'HCM04.S3.LocalHost.': 'HCM04',
  'bucket.hcm04.s3.localhost:9000': 'HCM04',
  'a.dotted.bucket.hcm04.s3.localhost': 'HCM04',
  'xhcm04.s3.localhost': 'HAN02',
  'site.web.localhost': 'HAN02',
  'site.hcm04.web.localhost': 'HCM04',
  localhost: 'HAN02',
  '127.0.0.1:9000': 'HAN02',
  '[::1]:9000': 'HAN02',
  'hcm04.s3.localhost.example.com': 'HAN02',
  '': 'HAN02',
};

for (const [host, region] of Object.entries(hosts)) {
  test(`"${host}" is a host of ${region}`, () => {
    assert.equal(find(host).name, region);
    assert.equal(find(host).name, region, 'when it was seen before');
  });
}
