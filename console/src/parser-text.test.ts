import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBucketPolicy } from '../../src/policy/bucket-policy.ts';
import { MalformedPolicyError } from '../../src/policy/malformed-policy.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import sentences from './locales/parser-vi.json' with { type: 'json' };
import { sayParsed } from './parser-text.ts';

function faultOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof MalformedPolicyError) return error.message;
    throw error;
  }
  throw new Error('it was to be refused');
}

const said = (document: unknown): string =>
  sayParsed(
    faultOf(() => parsePolicy(typeof document === 'string' ? document : JSON.stringify(document), 'p')),
    sentences,
  );
const statement = (change: object): object => ({
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...change }],
});

test('a fault keeps its way to the part and is said in Vietnamese', () => {
  assert.equal(said(statement({ Effect: 'allow' })), 'Statement[0].Effect: phải là "Allow" hoặc "Deny"');
  assert.equal(said(statement({ Action: 7 })), 'Statement[0].Action: phải là một chuỗi');
});

test('what is wrong in JSON is said with its parts', () => {
  assert.equal(said('{"Statement" []}'), 'chính sách không phải là JSON hợp lệ: cần ":" nhưng gặp "["');
  assert.equal(said('{"Statement": ['), 'chính sách không phải là JSON hợp lệ: cần một giá trị nhưng gặp hết văn bản');
});

test('the sentence that says most is taken, with what was put in', () => {
  const condition = (operator: string, value: string) => statement({ Condition: { [operator]: { 'aws:x': value } } });
  assert.match(said(condition('BinaryEquals', '!')), /"!" không phải là base64$/);
  assert.match(said(condition('NumericLessThan', 'x')), /"x" không phải là một số$/);
  assert.match(said(statement({ Action: 'vstorage:Nothing' })), /"vstorage:Nothing" không khớp action quản trị nào/);
  assert.match(said({ Statement: [{ Action: '*', Resource: '*' }] }), /thiếu "Effect": hãy viết "Allow" hoặc "Deny"$/);
});

test('a bucket policy for another bucket names the ARNs to write', () => {
  const other = statement({ Principal: '*', Resource: 'arn:aws:s3:::b/*' });
  const fault = faultOf(() => parseBucketPolicy(JSON.stringify(other), 'photos'));
  assert.equal(
    sayParsed(fault, sentences),
    'Statement.Resource: "arn:aws:s3:::b/*" không thuộc bucket này; hãy viết "arn:aws:s3:::photos" hoặc "arn:aws:s3:::photos/*"',
  );
});

test('what is not known stays as it is', () => {
  assert.equal(sayParsed('Statement: something new', sentences), 'Statement: something new');
});
