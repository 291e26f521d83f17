// Versions of policies: up to five, one of which counts.
import { z } from 'zod';
import {
  type PolicyVersion,
  createPolicyVersion,
  deletePolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from '../../identity/policy-versions.ts';
import { type CallScope, type DeclaredCall, declareCall } from '../call.ts';
import { noSuchEntity, QueryError } from '../errors.ts';
import { policyNamed } from '../policies.ts';
import { checkManagedSize, encodedDocument } from '../policy-text.ts';
import { arn, document, flag, paging, text } from '../schemas.ts';
import { managedPolicyId, ownPolicyName } from './policies.ts';

const versionId = text(2, 64, /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/);

const numberOf = (id: string): number => Number.parseInt(id.slice(1), 10);

const ask = (action: string) => (input: { readonly PolicyArn: string }, scope: CallScope) => [
  { action: `iam:${action}`, resource: input.PolicyArn, managed: managedPolicyId(scope, input.PolicyArn) },
];

export const versionXml = ({ version, isDefault, createdAt }: PolicyVersion) => ({
  VersionId: `v${version}`,
  IsDefaultVersion: isDefault,
  CreateDate: createdAt === null ? undefined : new Date(createdAt),
});

const createVersion = declareCall({
  service: 'iam',
  name: 'CreatePolicyVersion',
  input: z.strictObject({ PolicyArn: arn, PolicyDocument: document, SetAsDefault: flag.optional() }),
  asks: ask('CreatePolicyVersion'),
  run: async ({ PolicyArn, PolicyDocument, SetAsDefault = false }, scope) => {
    const name = await ownPolicyName(scope, PolicyArn);
    checkManagedSize(PolicyDocument);
    const { accountId } = scope.caller;
    const wanted = { accountId, name, document: PolicyDocument, setAsDefault: SetAsDefault };
    return { PolicyVersion: versionXml(await createPolicyVersion(scope.services, wanted)) };
  },
});

const getVersion = declareCall({
  service: 'iam',
  name: 'GetPolicyVersion',
  input: z.strictObject({ PolicyArn: arn, VersionId: versionId }),
  asks: ask('GetPolicyVersion'),
  run: async ({ PolicyArn, VersionId }, scope) => {
    const name = await policyNamed(scope, PolicyArn);
    const versions = await listPolicyVersions(scope.services, scope.caller.accountId, name);
    const found = versions.find(({ version }) => version === numberOf(VersionId));
    if (found === undefined) throw noSuchVersion(PolicyArn, VersionId);
    return { PolicyVersion: { Document: encodedDocument(found.document), ...versionXml(found) } };
  },
});

const noSuchVersion = (policyArn: string, id: string): QueryError =>
  noSuchEntity(`Policy ${policyArn} version ${id} does not exist or is not attachable.`);

/** There are never more than five, so a page holds them all. */
const listVersions = declareCall({
  service: 'iam',
  name: 'ListPolicyVersions',
  input: z.strictObject({ PolicyArn: arn, ...paging }),
  asks: ask('ListPolicyVersions'),
  run: async ({ PolicyArn, MaxItems = 100, Marker }, scope) => {
    const name = await policyNamed(scope, PolicyArn);
    const versions = await listPolicyVersions(scope.services, scope.caller.accountId, name);
    const after = Marker === undefined ? Number.POSITIVE_INFINITY : numberOf(Marker);
    const rest = versions.filter(({ version }) => version < after);
    const shown = rest.slice(0, MaxItems);
    const last = shown.at(-1);
    const more = last !== undefined && shown.length < rest.length;
    return { Versions: shown.map(versionXml), IsTruncated: more, Marker: more ? `v${last.version}` : undefined };
  },
});

const setDefault = declareCall({
  service: 'iam',
  name: 'SetDefaultPolicyVersion',
  input: z.strictObject({ PolicyArn: arn, VersionId: versionId }),
  asks: ask('SetDefaultPolicyVersion'),
  run: async ({ PolicyArn, VersionId }, scope) => {
    const name = await ownPolicyName(scope, PolicyArn);
    await setDefaultPolicyVersion(scope.services, scope.caller.accountId, name, numberOf(VersionId));
    return null;
  },
});

const deleteVersion = declareCall({
  service: 'iam',
  name: 'DeletePolicyVersion',
  input: z.strictObject({ PolicyArn: arn, VersionId: versionId }),
  asks: ask('DeletePolicyVersion'),
  run: async ({ PolicyArn, VersionId }, scope) => {
    const name = await ownPolicyName(scope, PolicyArn);
    const versions = await listPolicyVersions(scope.services, scope.caller.accountId, name);
    const found = versions.find(({ version }) => version === numberOf(VersionId));
    if (found?.isDefault === true) {
      throw new QueryError('DeleteConflict', 'Cannot delete the default version of a policy.');
    }
    if (found === undefined) throw noSuchVersion(PolicyArn, VersionId);
    await deletePolicyVersion(scope.services, scope.caller.accountId, name, found.version);
    return null;
  },
});

export const policyVersionCalls: readonly DeclaredCall[] = [
  createVersion,
  getVersion,
  listVersions,
  setDefault,
  deleteVersion,
];
