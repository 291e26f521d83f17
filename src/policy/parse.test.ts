import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedPolicyError } from './malformed-policy.ts';
import { parsePolicy } from './parse.ts';

const statement = (extra: Record<string, unknown> = {}): Record<string, unknown> => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::photos/*',
  ...extra,
});

const document = (...statements: unknown[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });

function refusal(text: string): MalformedPolicyError {
  try {
    parsePolicy(text, 'p');
  } catch (error) {
    assert.ok(error instanceof MalformedPolicyError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: `was accepted: ${text}` });
}

test('a policy of one statement outside a list is read as AWS reads it', () => {
  const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Id: 'x', Statement: statement() }), 'mine');
  assert.deepEqual(policy, {
    name: 'mine',
    variables: true,
    statements: [
      { sid: null, effect: 'Allow', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::photos/*'], conditions: [] },
    ],
  });
});

test('variables count only with the current version', () => {
  assert.equal(parsePolicy(JSON.stringify({ Statement: [statement()] }), 'p').variables, false);
  assert.equal(parsePolicy(JSON.stringify({ Version: '2008-10-17', Statement: [statement()] }), 'p').variables, false);
});

test('the original product’s lower-case form is read', () => {
  const text =
    '{"statements":[{"effect":"allow","actions":["vserver:*"],"resources":["*"],"condition":{"numberLessThan":{"aws:EpochTime":5}}}]}';
  assert.deepEqual(parsePolicy(text, 'p').statements, [
    {
      sid: null,
      effect: 'Allow',
      actions: ['vserver:*'],
      resources: ['*'],
      conditions: [{ operator: 'NumericLessThan', key: 'aws:EpochTime', values: ['5'] }],
    },
  ]);
});

test('condition values may be strings, numbers, booleans and lists of them', () => {
  const conditions = { Bool: { 'aws:SecureTransport': false }, NumericEquals: { 's3:max-keys': [1, '2'] } };
  assert.deepEqual(parsePolicy(document(statement({ Condition: conditions })), 'p').statements[0]?.conditions, [
    { operator: 'Bool', key: 'aws:SecureTransport', values: ['false'] },
    { operator: 'NumericEquals', key: 's3:max-keys', values: ['1', '2'] },
  ]);
});

const refused: readonly (readonly [name: string, text: string, path: string, message: RegExp])[] = [
  ['text that is no JSON', '{"Version": }', '', /not valid JSON: expected a value, found "}"/],
  ['a name given twice', '{"Statement":[],"Statement":[]}', '', /"Statement" is given twice/],
  ['a list', '[]', '', /must be a JSON object/],
  ['no statement', '{"Version":"2012-10-17"}', '', /"Statement" is missing/],
  ['an empty list of statements', document(), 'Statement', /must not be empty/],
  ['another version', '{"Version":"2020-01-01","Statement":[]}', 'Version', /"2012-10-17" or "2008-10-17"/],
  ['an unknown element', document(statement({ Actions: 's3:*' })), 'Statement[0].Actions', /unknown element/],
  [
    'an element in the wrong case',
    document(statement({ effect: 'Allow' })),
    'Statement[0].effect',
    /write it "Effect"/,
  ],
  ['a principal', document(statement({ Principal: '*' })), 'Statement[0].Principal', /has no principal/],
  ['an effect in lower case', document(statement({ Effect: 'allow' })), 'Statement[0].Effect', /"Allow" or "Deny"/],
  ['no effect', document(statement({ Effect: undefined })), 'Statement[0]', /"Effect" is missing/],
  ['no action', document(statement({ Action: undefined })), 'Statement[0]', /"Action" is missing/],
  ['both Action and NotAction', document(statement({ NotAction: '*' })), 'Statement[0].NotAction', /give only one/],
  ['an action without a product', document(statement({ Action: 'GetObject' })), 'Statement[0].Action', /not an action/],
  [
    'a misspelt management action',
    document(statement({ Action: ['s3:*', 'vstorage:ListProject'] })),
    'Statement[0].Action[1]',
    /matches no management action/,
  ],
  ['a resource that is no ARN', document(statement({ Resource: 'photos' })), 'Statement[0].Resource', /not a resource/],
  ['an empty list of resources', document(statement({ Resource: [] })), 'Statement[0].Resource', /must not be empty/],
  [
    'an unknown condition operator',
    document(statement({ Condition: { StringSounds: { 'aws:username': 'a' } } })),
    'Statement[0].Condition.StringSounds',
    /unknown condition operator/,
  ],
  [
    'a set operator on Null',
    document(statement({ Condition: { 'ForAnyValue:Null': { 'aws:username': 'true' } } })),
    'Statement[0].Condition.ForAnyValue:Null',
    /unknown condition operator/,
  ],
  [
    'a number that is none',
    document(statement({ Condition: { NumericEquals: { 's3:max-keys': 'ten' } } })),
    'Statement[0].Condition.NumericEquals.s3:max-keys',
    /not a number/,
  ],
  [
    'a time that is none',
    document(statement({ Condition: { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } } })),
    'Statement[0].Condition.DateLessThan.aws:CurrentTime',
    /not a time/,
  ],
  [
    'a network that is none',
    document(statement({ Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '10.0.0.0/33'] } } })),
    'Statement[0].Condition.IpAddress.aws:SourceIp[1]',
    /not an IP address or range/,
  ],
  [
    'a condition key without a prefix',
    document(statement({ Condition: { StringEquals: { username: 'a' } } })),
    'Statement[0].Condition.StringEquals.username',
    /prefix:name/,
  ],
  [
    'a variable that does not end',
    document(statement({ Resource: 'arn:aws:s3:::home/${aws:username/*' })),
    'Statement[0].Resource',
    /a variable is written/,
  ],
  ['a Sid with a space', document(statement({ Sid: 'a b' })), 'Statement[0].Sid', /letters and digits/],
  ['a Sid twice', document(statement({ Sid: 'a' }), statement({ Sid: 'a' })), 'Statement[1]', /used twice/],
  ['a document that is too long', `${' '.repeat(20_480)}{}`, '', /longer than 20480/],
];

for (const [name, text, path, message] of refused) {
  test(`a policy is refused for ${name}, naming the place`, () => {
    const error = refusal(text);
    assert.match(error.message, message);
    assert.equal(error.path, path);
  });
}

test('a refusal names the line and the column', () => {
  const error = refusal('{\n  "Version": "2012-10-17",\n  "Statement": [\n    { "Effect": "Maybe" }\n  ]\n}');
  assert.deepEqual({ line: error.line, column: error.column }, { line: 4, column: 17 });
});
