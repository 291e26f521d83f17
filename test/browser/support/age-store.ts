// Makes a store that was just filled look as if it had been used for months: usage and traffic of every hour, keys and
// people of different ages. Straight into the store of a server that does not run.
import { join } from 'node:path';
import { openLmdbStore } from '../../../src/metadata/lmdb.ts';
import { tables } from '../../../src/metadata/keys.ts';
import type { Bytes, MetadataStore } from '../../../src/metadata/metadata-store.ts';
import {
  projectKey,
  type ProjectRecord,
  s3KeyKey,
  type S3KeyRecord,
  s3KeyUseKey,
  type S3KeyUseRecord,
} from '../../../src/metadata/tables/identities.ts';
import { usageKey } from '../../../src/metadata/tables/objects.ts';
import { decodeRecord, encodeRecord } from '../../../src/metadata/tables/record.ts';
import {
  firstHourOfDay,
  HOURS_PER_DAY,
  hourOf,
  type MeterRecord,
  pointKey,
  type UsageRecord,
} from '../../../src/metadata/tables/reports.ts';
import { BYTES_IN, BYTES_OUT, noCounts, placeOf } from '../../../src/reports/meter.ts';
import type { AccessKey, ProjectId } from '../../../src/shared/ids.ts';
import type { Scene } from './furnish.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const DAY_MS = 86_400_000;
const DAYS = 60;

/** Of each project: how full it is, and how busy. */
const lives = {
  media: { usedBytes: 131 * GIB, quotaBytes: 200 * GIB, objects: 48_213, busy: 900 },
  analytics: { usedBytes: 1900 * GIB, quotaBytes: 2048 * GIB, objects: 1_204_554, busy: 2600 },
  backups: { usedBytes: 88 * GIB, quotaBytes: 500 * GIB, objects: 512, busy: 60 },
} as const;

/** Busy by day, quiet by night and on Sundays; the same in each run. */
function activity(hour: number): number {
  const ofDay = (hour + 7) % 24;
  const sunday = Math.floor((hour + 7) / 24) % 7 === 3 ? 0.4 : 1;
  const wave = 0.35 + 0.65 * Math.max(0, Math.sin(((ofDay - 5) / 16) * Math.PI));
  return wave * sunday * (0.85 + 0.3 * (((hour * 7919) % 97) / 97));
}

function countsOf(requests: number): number[] {
  const counts = noCounts();
  counts[placeOf('read', '2xx')] = Math.round(requests * 0.71);
  counts[placeOf('read', '3xx')] = Math.round(requests * 0.05);
  counts[placeOf('read', '4xx')] = Math.round(requests * 0.012);
  counts[placeOf('write', '2xx')] = Math.round(requests * 0.16);
  counts[placeOf('write', '4xx')] = Math.round(requests * 0.002);
  counts[placeOf('list', '2xx')] = Math.round(requests * 0.05);
  counts[placeOf('delete', '2xx')] = Math.round(requests * 0.02);
  counts[BYTES_IN] = Math.round(requests * 0.16 * 2.4 * MIB);
  counts[BYTES_OUT] = Math.round(requests * 0.71 * 1.3 * MIB);
  return counts;
}

function meterOf(requests: number): Bytes {
  const record: MeterRecord = { v: 1, counts: countsOf(requests) };
  return encodeRecord(record);
}

type Life = (typeof lives)[keyof typeof lives];

async function ageProject(store: MetadataStore, projectId: ProjectId, life: Life, now: number): Promise<void> {
  const last = hourOf(now) - 1;
  const first = firstHourOfDay(last - DAYS * HOURS_PER_DAY);
  const series = { projectId, bucket: '' } as const;
  const grown = (hour: number): number => 0.62 + 0.38 * ((hour - first) / (last - first));
  await store.transact(async (transaction) => {
    for (let day = first; day <= last; day += HOURS_PER_DAY) {
      let requests = 0;
      for (let hour = day; hour < day + HOURS_PER_DAY && hour <= last; hour++) {
        const some = life.busy * activity(hour);
        requests += some;
        transaction.put(pointKey(tables.meter, 'hour', series, hour), meterOf(some));
        const usage: UsageRecord = {
          v: 1,
          bytes: Math.round(life.usedBytes * grown(hour)),
          objects: Math.round(life.objects * grown(hour)),
          quotaBytes: life.quotaBytes,
        };
        transaction.put(pointKey(tables.usageHistory, 'hour', series, hour), encodeRecord(usage));
        if (hour % HOURS_PER_DAY === HOURS_PER_DAY - 1) {
          const peaks: UsageRecord = { ...usage, peakBytes: usage.bytes, peakObjects: usage.objects };
          transaction.put(pointKey(tables.usageHistory, 'day', series, day), encodeRecord(peaks));
        }
      }
      if (day + HOURS_PER_DAY <= last) transaction.put(pointKey(tables.meter, 'day', series, day), meterOf(requests));
    }
    transaction.add(usageKey({ project: projectId }, 'bytes'), BigInt(life.usedBytes));
    transaction.add(usageKey({ project: projectId }, 'objects'), BigInt(life.objects));
    const project = decodeRecord<ProjectRecord>((await transaction.get(projectKey(projectId))) ?? Buffer.of());
    const aged: ProjectRecord = { ...project, createdAt: now - (DAYS + 40) * DAY_MS };
    transaction.put(projectKey(projectId), encodeRecord(aged));
  });
}

/** The first of them is the oldest. */
async function ageKeys(store: MetadataStore, accessKeys: readonly string[], now: number): Promise<void> {
  const ages = [412, 96, 203, 31, 64, 2];
  await store.transact(async (transaction) => {
    for (const [at, accessKey] of accessKeys.entries()) {
      const key = s3KeyKey(accessKey as AccessKey);
      const record = decodeRecord<S3KeyRecord>((await transaction.get(key)) ?? Buffer.of());
      const aged: S3KeyRecord = { ...record, createdAt: now - (ages[at] ?? 1) * DAY_MS };
      transaction.put(key, encodeRecord(aged));
      if (at % 3 === 2) continue;
      const use: S3KeyUseRecord = {
        v: 1,
        at: now - at * 7_300_000,
        action: 's3:GetObject',
        clientAddress: `203.0.113.${20 + at}`,
      };
      transaction.put(s3KeyUseKey(accessKey as AccessKey), encodeRecord(use));
    }
  });
}

export async function ageStore(dataDir: string, { accessKeys, projectIds }: Scene, now: number): Promise<void> {
  await using store = await openLmdbStore({ path: join(dataDir, 'metadata'), reserveBytes: 0 });
  for (const name of ['media', 'analytics', 'backups'] as const) {
    await ageProject(store, projectIds[name] as ProjectId, lives[name], now);
  }
  await ageKeys(store, accessKeys, now);
}
