// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
// The request succeeds as a whole; each entry has its own result, and its own permission.
import { S3Error } from '../../shared/errors.ts';
import type { ObjectKey } from '../../shared/ids.ts';
import type { DeleteOutcome } from '../../storage/delete-objects.ts';
import { deleteObjects as deleteStored } from '../../storage/delete-objects.ts';
import { parseKey } from '../address.ts';
import { auditedKeys } from '../audit/audited-keys.ts';
import { bypassPermission, mayBypass, wantsBypass } from '../bypass-governance.ts';
import type { EntryReply, OperationContext, Permission } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { parseVersionId, versionedAction } from '../versions.ts';
import type { XmlElement } from '../xml/read.ts';
import { childrenNamed, childText, findChild, malformed, readXml, requiredText } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_ENTRIES = 1000;
/** 1,000 keys of 1,024 bytes, every byte written as a reference, and their tags */
const MAX_XML_BYTES = 8 * 1024 * 1024;

type Entry = {
  readonly key: ObjectKey;
  readonly versionId: string | null;
  readonly ifMatch: string | null;
};

type Result = { readonly entry: Entry; readonly error: S3Error | null; readonly outcome: DeleteOutcome | null };

function parseEntry(object: XmlElement): Entry {
  if (findChild(object, 'LastModifiedTime') ?? findChild(object, 'Size')) throw new S3Error('NotImplemented');
  const key = requiredText(object, 'Key');
  if (key === '') throw malformed();
  return {
    key: parseKey(key),
    // some clients send the element empty for no version
    versionId: parseVersionId(childText(object, 'VersionId') || undefined),
    ifMatch: childText(object, 'ETag') ?? null,
  };
}

function parseDelete(bytes: Uint8Array): { readonly entries: readonly Entry[]; readonly quiet: boolean } {
  const root = readXml(bytes, 'Delete');
  const objects = childrenNamed(root, 'Object');
  if (objects.length === 0 || objects.length > MAX_ENTRIES) throw malformed();
  return { entries: objects.map(parseEntry), quiet: childText(root, 'Quiet')?.trim().toLowerCase() === 'true' };
}

function permissionFor(context: OperationContext, { key, versionId }: Entry): Permission {
  return { action: versionedAction(versionId, 'Delete'), on: entryOf(context, key) };
}

const entryOf = (context: OperationContext, key: ObjectKey) => ({ bucket: requireBucket(context).name, key });

/** Overriding governance is a permission of each key. */
async function withBypass(context: OperationContext, entry: Entry, asked: boolean) {
  return { ...entry, bypassGovernance: await mayBypass(context, asked, entryOf(context, entry.key)) };
}

/** Results in the order of the entries: who may not delete a key is told so for that key alone. */
async function deleteEntries(
  context: OperationContext,
  entries: readonly Entry[],
  bypassAsked: boolean,
): Promise<Result[]> {
  const answers = await Promise.all(entries.map((entry) => context.allows(permissionFor(context, entry))));
  const allowed = entries.filter((_entry, index) => answers[index] === true);
  const keys = await Promise.all(allowed.map((entry) => withBypass(context, entry, bypassAsked)));
  const asks = keys.map((entry) => permissionFor(context, entry));
  const bypasses = keys.filter((entry) => entry.bypassGovernance);
  const guard = context.guardFor([...asks, ...bypasses.map(({ key }) => bypassPermission(entryOf(context, key)))]);
  const options = { bucket: requireBucket(context), keys, guard };
  const done = (await deleteStored(context.services, options)).values();
  return entries.map((entry, index) => {
    const result = answers[index] === true ? done.next().value : undefined;
    if (result === undefined) return { entry, error: new S3Error('AccessDenied'), outcome: null };
    return { entry, error: result.error, outcome: result.outcome };
  });
}

function resultXml({ entry, error, outcome }: Result, quiet: boolean): string {
  const name = element('Key', entry.key) + element('VersionId', entry.versionId);
  if (error !== null) return group('Error', name, element('Code', error.code), element('Message', error.message));
  if (quiet) return '';
  if (outcome?.deleteMarker !== true) return group('Deleted', name);
  return group('Deleted', name, element('DeleteMarker', true), element('DeleteMarkerVersionId', outcome.versionId));
}

/** What the access log tells of each key. */
function entryReply({ entry: { key, versionId }, error, outcome }: Result): EntryReply {
  const status = error?.status ?? 204;
  return { key, versionId: outcome?.versionId ?? versionId, status, errorCode: error?.code ?? null };
}

export const deleteObjects = declare({
  name: 'DeleteObjects',
  target: 'bucket',
  method: 'POST',
  match: ['delete'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ hasMd5: request.headers.has('content-md5'), wantsBypass: wantsBypass(request) }),
  permissions: () => [{ action: 's3:DeleteObject', perEntry: true }],
  run: async ({ hasMd5, wantsBypass: asked }, context) => {
    if (!hasMd5 && context.body.announcedChecksum === null) {
      throw new S3Error('InvalidRequest', {
        message: 'Missing required header for this request: Content-MD5 or x-amz-checksum-*.',
      });
    }
    const { entries, quiet } = parseDelete(await context.body.bytes(MAX_XML_BYTES));
    const results = await deleteEntries(context, entries, asked);
    return {
      status: 200,
      body: resultDocument('DeleteResult', ...results.map((result) => resultXml(result, quiet))),
      entries: results.map(entryReply),
      details: { keys: auditedKeys(entries.map(({ key }) => key)) },
    };
  },
});
