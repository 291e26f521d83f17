// The Principal of a resource's policy: everybody, accounts, IAM users, service accounts, roles and their sessions,
// services. Users are written as AWS writes them (`arn:aws:iam::<account id>:user/<name>`), service accounts likewise
// (`…:service-account/<name>`), or both by their vStorage user ID (`arn:aws:iam:::user/<vStorage user ID>`):
// `<local part of the owner's e-mail>-<account id>[-<8 digits of a project>][:iam-<username> or :sa-<name>]`.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
import type { AccountId } from '../shared/ids.ts';
import { type Part, fault, listOf, membersOf, missing, textOf } from './document-part.ts';
import type { PrincipalPattern, Statement } from './policy.ts';

const INVALID = 'Invalid principal in policy';
const KINDS = ['AWS', 'CanonicalUser', 'Federated', 'Service'];

export function parsePrincipals(
  statement: Part,
  members: ReadonlyMap<string, Part>,
): Pick<Statement, 'principals' | 'notPrincipals'> {
  const plain = members.get('Principal');
  const inverted = members.get('NotPrincipal');
  if (plain !== undefined && inverted !== undefined) {
    throw fault(inverted, 'stands beside "Principal": give only one');
  }
  if (plain !== undefined) return { principals: parseAll(plain) };
  if (inverted === undefined) throw missing(statement, 'Principal', ': write whom the statement is about, "*" for all');
  const effect = members.get('Effect');
  if (effect !== undefined && textOf(effect) === 'Allow') {
    throw fault(inverted, 'only a Deny can have it', 'Allow with NotPrincipal is not allowed.');
  }
  return { notPrincipals: parseAll(inverted) };
}

function parseAll(part: Part): PrincipalPattern[] {
  if (part.node.kind === 'string') {
    if (part.node.value === '*') return [{ kind: 'any' }];
    throw fault(part, 'must be "*" or an object such as {"AWS": "arn:aws:iam::ACCOUNT:root"}', INVALID);
  }
  if (part.node.kind !== 'object' || part.node.members.size === 0) throw fault(part, 'names nobody', INVALID);
  return [...membersOf(part, null)].flatMap(([kind, value]) => {
    if (!KINDS.includes(kind)) throw fault(value, `unknown; known are ${KINDS.join(', ')}`, INVALID);
    return listOf(value, INVALID).map((each) => parseOne(kind, each));
  });
}

function parseOne(kind: string, part: Part): PrincipalPattern {
  const text = textOf(part, INVALID);
  const parsed = kind === 'AWS' ? parseAws(text) : kind === 'CanonicalUser' ? parseCanonical(text) : null;
  if (parsed !== null) return parsed;
  if (kind === 'Service' && /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(text)) {
    return { kind: 'service', written: text };
  }
  if (kind === 'Federated' && part.document.form.federated && FEDERATED.test(text)) {
    return { kind: 'federated', written: text };
  }
  const forms =
    '"*", an account id, "arn:aws:iam::ACCOUNT:root", "arn:aws:iam::ACCOUNT:user/NAME", "…:role/NAME", "…:service-account/NAME", "arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION" or "arn:aws:iam:::user/VSTORAGE-USER-ID"';
  throw fault(part, `${JSON.stringify(text)} is nobody; write ${forms}`, INVALID);
}

const FEDERATED =
  /^(arn:aws:iam::\d{12}:(oidc|saml)-provider\/\S+|(accounts\.google|graph\.facebook|www\.amazon|cognito-identity\.amazonaws)\.com)$/;

const parseCanonical = (text: string): PrincipalPattern | null =>
  /^[A-Za-z0-9-]{1,128}$/.test(text) ? { kind: 'canonical', written: text, canonicalId: text } : null;

function parseAws(text: string): PrincipalPattern | null {
  if (text === '*') return { kind: 'any' };
  const [, arn, id] = /^(?:arn:aws:iam::(\d{12}):root|(\d{12}))$/.exec(text) ?? [];
  const root = arn ?? id;
  if (root !== undefined) return { kind: 'account', written: text, accountId: root as AccountId, project: null };
  return parseIam(text) ?? parseSession(text) ?? parseVstorageUserId(text);
}

const IAM_ARN = /^arn:aws:iam::(\d{12}):(user|role|service-account)\/(.+)$/;

function parseIam(text: string): PrincipalPattern | null {
  const [, account, kind, path = ''] = IAM_ARN.exec(text) ?? [];
  if (account === undefined) return null;
  // a name with a path in front is the same user or role: names are unique without it
  const name = kind === 'service-account' ? path : path.slice(path.lastIndexOf('/') + 1);
  return named(text, account, kind, name, null);
}

/** `name` is everything behind the kind. */
function named(
  written: string,
  account: string,
  kind: string | undefined,
  name: string,
  project: string | null,
): PrincipalPattern | null {
  const accountId = account as AccountId;
  if (kind === 'service-account') {
    return SERVICE_ACCOUNT_NAME.test(name) ? { kind, written, accountId, name, project } : null;
  }
  if (!IAM_NAME.test(name)) return null;
  if (kind === 'role') return { kind, written, accountId, name, sessionName: null, project: null };
  return { kind: 'user', written, accountId, username: name, project };
}

const IAM_NAME = /^[A-Za-z0-9+=,.@_-]+$/;
const SERVICE_ACCOUNT_NAME = /^[A-Za-z0-9._ -]+$/;
const SESSION_ARN = /^arn:aws:sts::(\d{12}):assumed-role\/([A-Za-z0-9+=,.@_-]+)\/([A-Za-z0-9+=,.@_-]+)$/;

function parseSession(text: string): PrincipalPattern | null {
  const [, account, name, sessionName] = SESSION_ARN.exec(text) ?? [];
  if (account === undefined || name === undefined || sessionName === undefined) return null;
  return { kind: 'role', written: text, accountId: account as AccountId, name, sessionName, project: null };
}

const VSTORAGE_USER_ID = /^arn:aws:iam:::user\/.+?-(\d{12})(?:-([0-9a-f]{8}))?(?::(iam|sa)-(.+))?$/;

function parseVstorageUserId(text: string): PrincipalPattern | null {
  const [, account, project = null, kind, name] = VSTORAGE_USER_ID.exec(text) ?? [];
  if (account === undefined) return null;
  if (name === undefined) return { kind: 'account', written: text, accountId: account as AccountId, project };
  return kind === 'sa'
    ? named(text, account, 'service-account', name, project)
    : named(text, account, 'user', name.slice(name.lastIndexOf('/') + 1), project);
}
