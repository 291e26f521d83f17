// What people ask an audit trail, as filters: common and rare values, several at once, values that never meet, beginnings
// of names, one request, spans of time.
import type { AuditEntry } from '../../src/audit/entry.ts';
import type { AuditFilter } from '../../src/audit/filter.ts';

const DAY_MS = 24 * 3_600_000;
const ACCOUNT = '100000000000';
const BUCKET = 'arn:aws:s3:::bucket-0-3';

/** `known`: a record that is there, of the first account, about an object. */
export function searchesFor(
  known: Pick<AuditEntry, 'resource' | 'requestId'>,
  startMs: number,
): Readonly<Record<string, AuditFilter>> {
  const own = { accountId: ACCOUNT };
  const middle = startMs + 100 * DAY_MS;
  return {
    'everything of one account': own,
    'everything, as an operator': { accountId: null },
    'who: one of 50': { ...own, who: ['user-1'] },
    'who: the rarest': { ...own, who: ['user-49'] },
    'who: nobody': { ...own, who: ['nobody'] },
    'who: an access key': { ...own, who: ['ak-0-17'] },
    'what: the most common': { ...own, fields: { operation: ['GetObject'] } },
    'what: the rarest': { ...own, fields: { operation: ['CreateBucket'] } },
    'what: three of them': { ...own, fields: { operation: ['CreateBucket', 'PutBucketPolicy', 'SignIn'] } },
    'outcome: denied': { ...own, fields: { outcome: ['denied'] } },
    'who, what and outcome': {
      ...own,
      who: ['user-7'],
      fields: { operation: ['PutBucketPolicy'], outcome: ['denied'] },
    },
    'three that never meet': { ...own, fields: { operation: ['SignIn'], access: ['write'], bucket: ['bucket-0-1'] } },
    'resource: one object': { ...own, resource: { exact: known.resource ?? '' } },
    'resource: a bucket': { ...own, resource: { prefix: `${BUCKET}/` } },
    'resource: a folder': { ...own, resource: { prefix: `${BUCKET}/backup/2026-7/folder-77/` } },
    'resource: half a name': { ...own, resource: { prefix: `${BUCKET}/backup/2026-7/folder-7` } },
    'resource: nothing there': { ...own, resource: { prefix: `${BUCKET}/backup/2026-7/nothing` } },
    'one request': { ...own, fields: { request: [known.requestId] } },
    'a request that was not': { ...own, fields: { request: ['0123456789ABCDEF'] } },
    'one day': { ...own, from: middle, to: middle + DAY_MS },
    'a month, who and what': {
      ...own,
      from: middle,
      to: middle + 30 * DAY_MS,
      who: ['user-3'],
      fields: { operation: ['DeleteObject'] },
    },
    'an address': { ...own, fields: { address: ['10.0.5.1'] } },
    'channel and outcome': { ...own, fields: { channel: ['console'], outcome: ['denied'] } },
    'of a small account': { accountId: '100000000013', fields: { operation: ['DeleteObject'], outcome: ['denied'] } },
  };
}
