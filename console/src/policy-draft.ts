// What is written in a policy editor, and what is wrong with it while it is written: the server's own parser, so that
// both say the same, with the same line and column.
import { checkDocument } from '../../src/policy/check-document.ts';
import { MalformedPolicyError } from '../../src/policy/malformed-policy.ts';
import { parseTrustPolicy } from '../../src/policy/parse.ts';
import type { VisualRule } from '../../src/policy/visual.ts';
import type { DocumentProblem } from './policy-problem.ts';

export type DocumentKind = 'identity' | 'trust';

/** null: it could be saved, as far as can be told here */
export function findFault(text: string, kind: DocumentKind): DocumentProblem | null {
  try {
    if (kind === 'trust') parseTrustPolicy(text, 'trust');
    else checkDocument(text, 'policy');
    return null;
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    const { message, line, column, path } = error;
    return { message: path === '' ? message : `${path}: ${message}`, line, column };
  }
}

/** With a resource to fill in: of nothing it would be no rule. */
export const newRule = (): VisualRule => ({
  sid: '',
  effect: 'allow',
  product: 's3',
  actions: [],
  resources: [{ kind: 'objects', bucket: '', prefix: '' }],
  conditions: [],
});

const statement = (fields: object): object => ({ Version: '2012-10-17', Statement: [fields] });
const BUCKET = 'arn:aws:s3:::my-bucket';
const text = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

/** To begin with: what most policies are about. */
export const templates = {
  'read-bucket': text(
    statement({ Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetObject'], Resource: [BUCKET, `${BUCKET}/*`] }),
  ),
  'read-write-folder': text({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ListFolder',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: BUCKET,
        Condition: { StringLike: { 's3:prefix': ['folder/*'] } },
      },
      {
        Sid: 'UseFolder',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        Resource: `${BUCKET}/folder/*`,
      },
    ],
  }),
  'upload-only': text(
    statement({ Effect: 'Allow', Action: ['s3:PutObject', 's3:AbortMultipartUpload'], Resource: `${BUCKET}/*` }),
  ),
  'from-networks': text(
    statement({
      Sid: 'OnlyFromTheOffice',
      Effect: 'Deny',
      Action: 's3:*',
      Resource: '*',
      Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } },
    }),
  ),
  'manage-users': text(
    statement({
      Effect: 'Allow',
      Action: ['vstorage:ListUsers', 'vstorage:GetUser', 'vstorage:CreateUser', 'vstorage:UpdateUser'],
      Resource: '*',
    }),
  ),
} as const;
export type TemplateName = keyof typeof templates;
export const templateNames = Object.keys(templates) as TemplateName[];
