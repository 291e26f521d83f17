// A lived-in account, for pictures: projects, buckets, objects, keys, people, policies, requests that went well and
// some that did not. What only time makes is added by age-store.ts.
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Page } from 'playwright-core';
import type { ProjectView } from '../../../src/console-api/contract.ts';
import type { TestServer } from '../../support/start-server.ts';
import { createKey, createProject, createUsers, type Rest, restOf } from './rest.ts';
import { openS3Client, outcome } from './s3-client.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const DAY_MS = 86_400_000;

/** What the addresses of pages are filled with; `accessKeys` and `projectIds` are what is aged. */
export type Scene = {
  readonly samples: Readonly<Record<string, string>>;
  readonly accessKeys: readonly string[];
  readonly projectIds: Readonly<Record<string, string>>;
};

const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);

const uploadPhotos = document({
  Sid: 'UploadOriginals',
  Effect: 'Allow',
  Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
  Resource: ['arn:aws:s3:::product-photos/originals/*'],
  Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } },
});

async function furnishObjects(s3: S3Client): Promise<void> {
  const bucket = 'product-photos';
  const lamp =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><rect width="320" height="200" fill="#e6f6f1"/>' +
    '<path d="M110 110 150 40h20l40 70z" fill="#0b7d68"/><path d="M157 110h6v50h-6zM130 160h60v8h-60z" fill="#13211c"/></svg>';
  const texts = [
    ['README.md', '# Product photos\n\nWhat the **shop** shows, by season.\n', 'text/markdown'],
    ['prices.csv', 'sku,name,price\n1,"Lamp, large",12\n2,Chair,40\n', 'text/csv'],
    ['lamp.svg', lamp, 'image/svg+xml'],
    ['Ảnh sản phẩm mùa hè — bản gốc chưa chỉnh sửa, chụp tại Đà Nẵng.jpg', 'x', 'image/jpeg'],
    ['archive/2024/', '', 'application/x-directory'],
    ['originals/lamp.txt', 'a lamp', 'text/plain'],
    ['thumbnails/lamp.txt', 'a small lamp', 'text/plain'],
  ] as const;
  for (const [Key, Body, ContentType] of texts) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));
  }
  for (const [Key, sizeBytes] of [
    ['spring-catalogue.pdf', 18 * MIB],
    ['summer.jpg', 4 * MIB],
    ['autumn.jpg', 6 * MIB],
    ['winter.mp4', 62 * MIB],
  ] as const) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.alloc(sizeBytes, Key) }));
  }
}

/** Some that end well, some that do not: what audit, reports and explanations show. */
async function makeRequests(s3: S3Client): Promise<void> {
  await s3.send(new ListObjectsV2Command({ Bucket: 'product-photos' }));
  const read = await s3.send(new GetObjectCommand({ Bucket: 'product-photos', Key: 'summer.jpg' }));
  await read.Body?.transformToByteArray();
  await outcome(s3.send(new GetObjectCommand({ Bucket: 'product-photos', Key: 'missing.jpg' })));
}

async function refusedRequest(server: TestServer, key: { accessKey: string; secretKey: string }): Promise<string> {
  const s3 = await openS3Client(server, key);
  try {
    await s3.send(new PutObjectCommand({ Bucket: 'product-photos', Key: 'originals/chair.jpg', Body: 'x' }));
  } catch (error) {
    if (error instanceof Error && '$metadata' in error)
      return (error.$metadata as { requestId?: string }).requestId ?? '';
    throw error;
  } finally {
    s3.destroy();
  }
  throw new Error('the request was to be refused');
}

async function furnishPeople(rest: Rest): Promise<{ userId: string; groupId: string; id: string; roleId: string }> {
  await rest.post('/policies', {
    name: 'UploadPhotos',
    description: 'Upload originals to product-photos from the office, nothing else.',
    document: uploadPhotos,
  });
  const { items } = await createUsers(
    rest,
    ['linh.nguyen', 'minh.tran', 'thanh-ha.le-from-the-agency.marketing'],
    ['vStorageReadOnlyAccess'],
  );
  await createUsers(rest, ['build-agent', 'auditor'], ['vStorageFullAccess']);
  const members = items.map(({ id }) => id);
  const group = await rest.post<{ id: string }>('/groups', {
    name: 'Photographers',
    description: 'Everybody who shoots for the catalogue.',
    policies: ['UploadPhotos'],
    members,
  });
  await rest.post('/groups', { name: 'Finance', description: 'Reads reports.', policies: ['vStorageReadOnlyAccess'] });
  const service = await rest.post<{ id: string }>('/service-accounts', {
    name: 'nightly-backup',
    description: 'Copies the database every night at 02:00.',
    policies: ['vStorageFullAccess'],
  });
  const trust = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
  const role = await rest.post<{ id: string }>('/roles', {
    name: 'catalogue-reader',
    description: 'For the web shop, an hour at a time.',
    trustPolicy: document(trust),
    policies: ['vStorageReadOnlyAccess'],
  });
  return { userId: items[0]?.id ?? '', groupId: group.id, id: service.id, roleId: role.id };
}

async function trash(page: Page, rest: Rest): Promise<void> {
  const doomed = await rest.post<ProjectView>('/projects', { name: 'old-experiments', quotaBytes: 10 * GIB });
  await page.goto(`/projects/${doomed.id}/information`);
  await page.getByRole('button', { name: 'Delete project' }).click();
  await page.getByLabel(/Type/).fill('delete me');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete project' }).click();
  await page.waitForURL('**/projects');
}

/** `page` is signed in as root. */
export async function furnish(server: TestServer, page: Page): Promise<Scene> {
  const rest = await restOf(page);
  const media = await createProject(rest, { name: 'media-library', quotaBytes: 200 * GIB });
  const analytics = await createProject(rest, { name: 'analytics', quotaBytes: 2048 * GIB });
  const backups = await createProject(rest, {
    name: 'nightly-backups',
    quotaBytes: 500 * GIB,
    class: 'instant-archive',
  });
  for (const periodMonths of [12, 24, null]) await rest.post(`/projects/${media.id}/renew`, { periodMonths });
  const people = await furnishPeople(rest);
  const web = await createKey(rest, media.id, 'web application');
  const keys = [
    await createKey(rest, media.id, 'image pipeline', new Date(Date.now() + 5 * DAY_MS).toISOString()),
    await createKey(rest, media.id, 'laptop of Linh, for Cyberduck and the occasional upload from a fair'),
    await createKey(rest, media.id, ''),
    await createKey(rest, backups.id, 'restic on db-1'),
  ];
  const onlyLogs = await rest.post<{ accessKey: string; secretKey: string }>(`/projects/${media.id}/s3-keys`, {
    description: 'log shipper, writes to logs only',
    restriction: { buckets: ['logs'], allow: ['write', 'list'] },
  });
  const s3 = await openS3Client(server, web);
  for (const Bucket of [
    'product-photos',
    'avatars',
    'logs',
    'backups-of-the-customer-database-in-a-second-data-center-hanoi',
  ]) {
    await s3.send(new CreateBucketCommand({ Bucket }));
  }
  await rest.post(`/projects/${media.id}/buckets`, { name: 'contracts', objectLock: true });
  await furnishObjects(s3);
  await makeRequests(s3);
  s3.destroy();
  const request = await refusedRequest(server, onlyLogs);
  await trash(page, rest);
  return {
    samples: { projectId: media.id, bucket: 'product-photos', request, ...people },
    accessKeys: [web, ...keys, onlyLogs].map(({ accessKey }) => accessKey),
    projectIds: { media: media.id, analytics: analytics.id, backups: backups.id },
  };
}
