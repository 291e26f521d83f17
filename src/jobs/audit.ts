// Looks after the audit trail: makes checkpoints, takes fresh records into blocks and blocks into groups, drops what is
// older than wanted.
import { auditKeyOf } from '../audit/audit-key.ts';
import { type Covered, makeCheckpoint } from '../audit/checkpoint.ts';
import { gatherBlock } from '../audit/gather.ts';
import { mergeGroup } from '../audit/merge-group.ts';
import { dropOldCheckpoints, dropOldestBlock } from '../audit/retention.ts';
import type { MasterKey } from '../identity/sealing.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Clock } from '../shared/clock.ts';
import type { Job } from './job.ts';

const INTERVAL_MS = 1_000;
const CHECKPOINT_EVERY_MS = 10_000;
const DROP_EVERY_MS = 3_600_000;
const LONGEST_PATIENCE_MS = 7 * 24 * 3_600_000;

export type AuditJobDeps = {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly masterKey: MasterKey;
  readonly auditRetentionMs: number;
};

export function auditJob(deps: AuditJobDeps): Job {
  const { clock, auditRetentionMs } = deps;
  const covered: Covered = new Map();
  const patienceMs = Math.min(LONGEST_PATIENCE_MS, auditRetentionMs / 4);
  let taken = 0;
  let checkpointAt = 0;
  let dropAt = 0;
  const drop = async (key: Buffer): Promise<boolean> => {
    if (clock() < dropAt) return false;
    const dropped = await dropOldestBlock(deps, key, clock() - auditRetentionMs);
    if (dropped || (await dropOldCheckpoints(deps, key))) return true;
    dropAt = clock() + DROP_EVERY_MS;
    return false;
  };
  // looked for only when blocks came
  let mayMerge = true;
  const merge = async (): Promise<boolean> => {
    if (mayMerge) mayMerge = await mergeGroup(deps);
    return mayMerge;
  };
  return {
    name: 'audit',
    intervalMs: INTERVAL_MS,
    step: async () => {
      const key = await auditKeyOf(deps);
      if (clock() >= checkpointAt) {
        await makeCheckpoint(deps, key, covered);
        checkpointAt = clock() + CHECKPOINT_EVERY_MS;
      }
      const gathered = await gatherBlock(deps, { covered, patienceMs });
      taken += gathered;
      mayMerge ||= gathered > 0;
      return gathered > 0 || (await merge()) || (await drop(key));
    },
    status: () => ({ done: taken, waiting: null, message: null }),
  };
}
