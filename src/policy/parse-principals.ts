// The Principal of a resource's policy: everybody, accounts, IAM users, services. Users are written as AWS writes them
// (`arn:aws:iam::<account id>:user/<name>`) or by their vStorage user ID (`arn:aws:iam:::user/<vStorage user ID>`):
// `<local part of the owner's e-mail>-<account id>[-<8 digits of a project>][:iam-<username>]`.
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
  const forms =
    '"*", an account id, "arn:aws:iam::ACCOUNT:root", "arn:aws:iam::ACCOUNT:user/NAME" or "arn:aws:iam:::user/VSTORAGE-USER-ID"';
  throw fault(part, `${JSON.stringify(text)} is nobody; write ${forms}`, INVALID);
}

const parseCanonical = (text: string): PrincipalPattern | null =>
  /^[A-Za-z0-9-]{1,128}$/.test(text) ? { kind: 'canonical', written: text, canonicalId: text } : null;

function parseAws(text: string): PrincipalPattern | null {
  if (text === '*') return { kind: 'any' };
  const [, account, user] = /^arn:aws:iam::(\d{12}):(?:root|user\/(.+))$/.exec(text) ?? [];
  const accountId = account ?? (/^\d{12}$/.test(text) ? text : undefined);
  if (accountId !== undefined) return pattern(text, accountId, user ?? null, null);
  const [, owner, project, name] =
    /^arn:aws:iam:::user\/.+?-(\d{12})(?:-([0-9a-f]{8}))?(?::iam-(.+))?$/.exec(text) ?? [];
  return owner === undefined ? null : pattern(text, owner, name ?? null, project ?? null);
}

function pattern(
  written: string,
  account: string,
  username: string | null,
  project: string | null,
): PrincipalPattern | null {
  const accountId = account as AccountId;
  if (username === null) return { kind: 'account', written, accountId, project };
  // a name with a path in front is the same user: names are unique without it
  const name = username.slice(username.lastIndexOf('/') + 1);
  return /^[A-Za-z0-9+=,.@_-]+$/.test(name) ? { kind: 'user', written, accountId, username: name, project } : null;
}
