// Bucket policies: what S3 asks of one before it takes it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
import { type Action, s3Actions } from './actions.ts';
import { conditionKeyFault } from './condition-keys.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { compilePattern } from './match.ts';
import { parseResourcePolicy } from './parse.ts';
import type { Policy, Statement } from './policy.ts';

/** Counted without the white space between the parts of the document. */
export const MAX_BUCKET_POLICY_BYTES = 20_480;

/** Actions of S3 that nothing here asks for: a policy from elsewhere may speak of them. */
const foreign = (resource: 'bucket' | 'object', names: string): Pick<Action, 'name' | 'resource'>[] =>
  names.split(' ').map((name) => ({ name: `s3:${name}`, resource }));
const knownActions: readonly Pick<Action, 'name' | 'resource'>[] = [
  ...s3Actions,
  ...foreign(
    'bucket',
    'GetBucketAbac PutBucketAbac GetBucketMetadataTableConfiguration CreateBucketMetadataTableConfiguration',
  ),
  ...foreign('bucket', 'DeleteBucketMetadataTableConfiguration UpdateBucketMetadataInventoryTableConfiguration'),
  ...foreign(
    'bucket',
    'UpdateBucketMetadataJournalTableConfiguration PutBucketPolicy ListTagsForResource TagResource UntagResource',
  ),
  ...foreign('object', 'GetObjectTorrent GetObjectVersionForReplication GetObjectVersionTorrent InitiateReplication'),
  ...foreign('object', 'ObjectOwnerOverrideToBucketOwner ReplicateDelete ReplicateObject ReplicateTags'),
  ...foreign(
    'object',
    'UpdateObjectEncryption GetObjectAnnotation PutObjectAnnotation DeleteObjectAnnotation ListObjectAnnotations',
  ),
];

export function parseBucketPolicy(text: string, bucket: string): Policy {
  const policy = parseResourcePolicy(text, 'bucket policy');
  checkSize(text);
  if (policy.statements.length === 0) {
    throw refusal('Statement', 'must not be empty', 'Could not parse the policy: Statement is empty!');
  }
  for (const [index, statement] of policy.statements.entries()) {
    const path = policy.statements.length === 1 ? 'Statement' : `Statement[${index}]`;
    checkResources(statement, bucket, path);
    checkActions(statement, bucket, path);
    checkConditions(statement, path);
  }
  return policy;
}

function refusal(path: string, message: string, s3Message: string): MalformedPolicyError {
  const text = path === '' ? message : `${path}: ${message}`;
  return new MalformedPolicyError(text, { line: 1, column: 1, path, s3Message });
}

function checkSize(text: string): void {
  const sizeBytes = Buffer.byteLength(JSON.stringify(JSON.parse(text.replace(/^\ufeff/, ''))));
  if (sizeBytes <= MAX_BUCKET_POLICY_BYTES) return;
  const message = `the policy is ${sizeBytes} bytes long without white space; at most ${MAX_BUCKET_POLICY_BYTES} are taken`;
  throw refusal('', message, 'Policy exceeds the maximum allowed document size.');
}

const S3_ARN = 'arn:aws:s3:::';

/** What of a bucket an ARN pattern can be about; neither: it belongs to another bucket. */
function reachOf(pattern: string, bucket: string): { readonly bucket: boolean; readonly objects: boolean } {
  if (!pattern.startsWith(S3_ARN)) return { bucket: false, objects: false };
  const rest = pattern.slice(S3_ARN.length);
  const matches = compilePattern(rest, { wildcards: true, variables: false, foldCase: false });
  const slash = rest.indexOf('/');
  const ahead = slash < 0 ? rest : rest.slice(0, slash);
  const aheadMatches = compilePattern(ahead, { wildcards: true, variables: false, foldCase: false });
  const here = aheadMatches(bucket, new Map());
  // a star ahead of the slash may stand for more than the bucket's name
  const beyond =
    ahead.includes('*') &&
    compilePattern(`${ahead.slice(0, ahead.indexOf('*'))}*`, {
      wildcards: true,
      variables: false,
      foldCase: false,
    })(`${bucket}/`, new Map());
  return { bucket: matches(bucket, new Map()), objects: (slash >= 0 && here && rest.length > slash + 1) || beyond };
}

function checkResources({ resources, notResources }: Statement, bucket: string, path: string): void {
  for (const resource of resources ?? notResources ?? []) {
    const reach = reachOf(resource, bucket);
    if (reach.bucket || reach.objects) continue;
    const forms = `"${S3_ARN}${bucket}" or "${S3_ARN}${bucket}/*"`;
    const message = `${JSON.stringify(resource)} is not of this bucket; write ${forms}`;
    throw refusal(`${path}.Resource`, message, 'Policy has invalid resource');
  }
}

function actionsMatching(pattern: string): readonly Pick<Action, 'name' | 'resource'>[] {
  const matches = compilePattern(pattern, { wildcards: true, variables: false, foldCase: true });
  return knownActions.filter(({ name }) => matches(name.toLowerCase(), new Map()));
}

/** Each action must be known, and be about something that the resources name. */
function checkActions({ actions, notActions, resources }: Statement, bucket: string, path: string): void {
  const reaches = (resources ?? [`${S3_ARN}*`]).map((resource) => reachOf(resource, bucket));
  const kinds = [reaches.some((reach) => reach.bucket) && 'bucket', reaches.some((reach) => reach.objects) && 'object'];
  for (const action of actions ?? notActions ?? []) {
    const known = actionsMatching(action);
    if (known.length === 0) {
      const message = `${JSON.stringify(action)} is not an action of S3`;
      throw refusal(`${path}.Action`, message, 'Policy has invalid action');
    }
    if (notActions !== undefined || known.some(({ resource }) => kinds.includes(resource))) continue;
    const needed = known[0]?.resource === 'object' ? `${S3_ARN}${bucket}/*` : `${S3_ARN}${bucket}`;
    const message = `${action} is about none of the resources; name "${needed}" too`;
    throw refusal(`${path}.Action`, message, 'Action does not apply to any resource(s) in statement');
  }
}

function checkConditions({ conditions }: Statement, path: string): void {
  for (const { key, operator } of conditions) {
    const problem = conditionKeyFault(key);
    if (problem === null) continue;
    throw refusal(`${path}.Condition.${operator}.${key}`, problem, 'Policy has an invalid condition key');
  }
}
