// What happened to a project, and what is watched of it.
import type { ProjectId } from '../../shared/ids.ts';
import { encodeKey, prefixRange, tables } from '../keys.ts';
import type { Bytes } from '../metadata-store.ts';

/** When enough is used: so many percent, or when no more than so many bytes are left. */
export type QuotaThreshold =
  | { readonly unit: 'percent'; readonly usedPercent: number }
  | { readonly unit: 'bytes'; readonly freeBytes: number };

export type UsageAlert = { readonly enabled: boolean; readonly threshold: QuotaThreshold; readonly mail: boolean };

export type AutoScale = {
  readonly enabled: boolean;
  readonly threshold: QuotaThreshold;
  /** what the quota grows by, each time */
  readonly stepBytes: number;
  /** it never grows beyond */
  readonly maxBytes: number;
  readonly description: string;
  /** tell by mail when it grew, or could not */
  readonly mail: boolean;
};

export type ProjectEventKind =
  | 'created'
  | 'resized'
  | 'auto-scaled'
  | 'auto-scale-failed'
  | 'auto-scale-set'
  | 'alert-set'
  | 'alert-raised'
  | 'alert-ended'
  | 'renewed'
  | 'expired'
  | 'trashed'
  | 'restored';

export type ProjectActor = {
  readonly type: 'root' | 'user' | 'service-account' | 'role' | 'operator' | 'job';
  readonly name: string;
};

export type ProjectEventRecord = {
  readonly v: 1;
  readonly id: string;
  readonly at: number;
  readonly kind: ProjectEventKind;
  readonly by: ProjectActor;
  /** of a quota, in bytes, or of an end, in ms since 1970 */
  readonly from?: number | null;
  readonly to?: number | null;
  readonly usedBytes?: number;
};

/** newest last */
export const projectEventKey = (projectId: ProjectId, at: number, id: string): Bytes =>
  encodeKey(tables.projectEvent, projectId, BigInt(at), id);
export const projectEventRange = (projectId: ProjectId): { start: Bytes; end: Bytes } =>
  prefixRange(tables.projectEvent, projectId);
export const projectEventsUpTo = (projectId: ProjectId, at: number, id: string): { start: Bytes; end: Bytes } => ({
  start: projectEventRange(projectId).start,
  end: projectEventKey(projectId, at, id),
});

/** What the watch has told already. */
export type ProjectWatchRecord = {
  readonly v: 1;
  /** null: the alert is not raised */
  readonly alertSince: number | null;
  /** auto-scaling has reached its end, and said so */
  readonly atMost?: boolean;
};
export const projectWatchKey = (projectId: ProjectId): Bytes => encodeKey(tables.projectWatch, projectId);
