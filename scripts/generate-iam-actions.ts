// The tables of docs/iam-actions.md, made from the list that policies are checked against.
import { type Action, defaultActions, managementActions, s3Actions } from '../src/policy/actions.ts';
import { conditionOperators } from '../src/policy/conditions.ts';
import { type IamAction, type IamResource, iamActions, stsActions } from '../src/policy/iam-actions.ts';
import { managedPolicies } from '../src/policy/managed.ts';

const RESOURCES: Readonly<Record<Action['resource'], string>> = {
  account: '`*`',
  bucket: '`arn:aws:s3:::BUCKET`',
  object: '`arn:aws:s3:::BUCKET/KEY`',
  project: '`vstorage::ACCOUNT:project/ID`',
  user: '`vstorage::ACCOUNT:user/ID`',
  group: '`vstorage::ACCOUNT:group/ID`',
  'service-account': '`vstorage::ACCOUNT:service-account/ID`',
  role: '`vstorage::ACCOUNT:role/ID`',
  policy: '`vstorage::ACCOUNT:policy/NAME`',
};

const IAM_RESOURCES: Readonly<Record<IamResource, string>> = {
  any: '`*`',
  user: '`arn:aws:iam::ACCOUNT:user/PATH/NAME`',
  group: '`arn:aws:iam::ACCOUNT:group/PATH/NAME`',
  policy: '`arn:aws:iam::ACCOUNT:policy/PATH/NAME`',
  role: '`arn:aws:iam::ACCOUNT:role/PATH/NAME`',
  'oidc-provider': '`arn:aws:iam::ACCOUNT:oidc-provider/HOST/PATH`',
  'federated-user': '`arn:aws:sts::ACCOUNT:federated-user/NAME`',
};

const iamRow = ({ name, level, resource, about, manages }: IamAction): string =>
  `| \`${name}\` | ${level} | ${IAM_RESOURCES[resource]} | ${about}. | ${manages === null ? '' : `\`${manages}\``} |`;

const iamTable = (actions: readonly IamAction[]): string[] => [
  '| action | level | resource | allows to | also asked |',
  '|---|---|---|---|---|',
  ...actions.map(iamRow),
  '',
];

const row = ({ name, level, resource, about }: Action): string => {
  const note = defaultActions.has(name) ? ' *Allowed unless denied.*' : '';
  return `| \`${name}\` | ${level} | ${RESOURCES[resource]} | ${about}.${note} |`;
};

const table = (actions: readonly Action[]): string[] => [
  '| action | level | resource | allows to |',
  '|---|---|---|---|',
  ...actions.map(row),
  '',
];

function generated(): string {
  return [
    '## Management',
    '',
    ...table(managementActions),
    '## S3',
    '',
    ...table(s3Actions),
    '## IAM and STS Query APIs',
    '',
    ...iamTable([...iamActions, ...stsActions]),
    '## Managed policies',
    '',
    ...managedPolicies.flatMap(({ name, description, document }) => [
      `### ${name}`,
      '',
      `${description}.`,
      '',
      '```json',
      document,
      '```',
      '',
    ]),
    '## Condition operators',
    '',
    `${conditionOperators.map((name) => `\`${name}\``).join(', ')}.`,
    '',
  ].join('\n');
}

/** The document with its tables renewed; the text around the markers is written by hand. */
export function withActions(current: string): string {
  const before = current.split(/(?<=<!-- actions: .* -->\n)/)[0];
  const after = current.split(/(?=<!-- \/actions -->)/)[1];
  if (before === undefined || after === undefined) throw new Error('docs/iam-actions.md has lost its actions markers');
  return `${before}${generated()}${after}`;
}
