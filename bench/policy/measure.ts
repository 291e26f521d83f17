// How long one decision takes when much has to be looked at: 20 policies of 50 statements each, a bucket policy, a
// boundary and a key restriction; questions that are allowed early, late, by nobody, and denied.
import { decide } from '../../src/access/decide.ts';
import { compileRestriction } from '../../src/access/key-restriction.ts';
import type { BucketResource } from '../../src/access/decide.ts';
import type { Principal } from '../../src/access/principal.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import type { Question } from '../../src/policy/policy.ts';
import { type AccessKey, newAccountId, newProjectId, newS3KeyId, newUserId } from '../../src/shared/ids.ts';

export type DecisionFigures = {
  readonly policies: number;
  readonly statements: number;
  readonly decisions: number;
  readonly medianMicros: number;
  readonly p99Micros: number;
};

const POLICIES = 20;
const STATEMENTS = 50;

function document(policy: number): string {
  const Statement = Array.from({ length: STATEMENTS }, (_, index) => ({
    Sid: `s${index}`,
    Effect: index % 10 === 9 ? 'Deny' : 'Allow',
    Action: index % 3 === 0 ? ['s3:Get*', 's3:List*'] : ['s3:PutObject', 's3:DeleteObject', 's3:GetObjectTagging'],
    Resource: [`arn:aws:s3:::bucket-${policy}-${index}`, `arn:aws:s3:::bucket-${policy}-${index}/team-*/*.log`],
    Condition: {
      IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.168.0.0/16'] },
      StringLike: { 's3:prefix': [`team-${index}/*`, ''] },
      DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' },
    },
  }));
  // what is about every bucket cannot be found by its beginning
  Statement.push({
    Sid: 'everywhere',
    Effect: 'Allow',
    Action: ['s3:Get*'],
    Resource: [`arn:aws:s3:::*/policy-${policy}/*`],
    Condition: {
      IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] },
      StringLike: { 's3:prefix': ['*'] },
      DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' },
    },
  });
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function asker(): Principal {
  const accountId = newAccountId();
  const policies = Array.from({ length: POLICIES }, (_, index) => parsePolicy(document(index), `policy-${index}`));
  return {
    kind: 's3-key',
    identity: {
      type: 'user',
      accountId,
      canonicalId: 'c'.repeat(64),
      userId: newUserId(),
      name: 'bench',
      path: '/',
      tags: [],
      policies,
      boundary: parsePolicy('{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}', 'boundary'),
    },
    keyId: newS3KeyId(),
    accessKey: 'bench' as AccessKey,
    projectId: newProjectId(),
    projectTrashed: false,
    epoch: 1n,
    restriction: compileRestriction({
      buckets: null,
      prefix: null,
      allow: ['read', 'write', 'list', 'delete'],
      networks: ['10.0.0.0/8'],
      hours: null,
      policy: null,
    }),
  };
}

function questions(): Question[] {
  const context = new Map<string, string>([
    ['aws:sourceip', '10.1.2.3'],
    ['s3:prefix', 'team-7/a'],
    ['aws:currenttime', '2026-11-23T12:00:00Z'],
  ]);
  const actions = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject'];
  return Array.from({ length: 400 }, (_, index) => {
    const bucket = `bucket-${index % (POLICIES + 2)}-${(index * 7) % STATEMENTS}`;
    const key = `team-${index % 9}/${index}.log`;
    const action = actions[index % actions.length] ?? 's3:GetObject';
    return {
      action,
      resource: action === 's3:ListBucket' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`,
      context,
    };
  });
}

function resourceOf(principal: Principal): BucketResource {
  if (principal.kind !== 's3-key') throw new TypeError('the bench asks with a key');
  const { identity, projectId } = principal;
  return {
    accountId: identity.accountId,
    ownerCanonicalId: identity.canonicalId,
    projectId,
    projectTrashed: false,
    access: { policy: null, block: null, ownership: 'BucketOwnerEnforced', acl: null },
    object: null,
  };
}

export function measureDecisions(decisions: number): DecisionFigures {
  const principal = asker();
  const resource = resourceOf(principal);
  const asked = questions();
  const times = new Float64Array(decisions);
  for (let index = 0; index < decisions; index++) {
    const question = asked[index % asked.length];
    if (question === undefined) continue;
    const begunMs = performance.now();
    decide(principal, question, resource);
    times[index] = (performance.now() - begunMs) * 1000;
  }
  const sorted = times.toSorted();
  const at = (part: number): number => sorted[Math.floor(decisions * part)] ?? Number.NaN;
  return { policies: POLICIES, statements: STATEMENTS, decisions, medianMicros: at(0.5), p99Micros: at(0.99) };
}
