// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
// The request succeeds as a whole; each entry has its own result, and its own permission.
import { S3Error } from '../../shared/errors.ts';
import type { ObjectKey } from '../../shared/ids.ts';
import { deleteObjects as deleteStored } from '../../storage/delete-objects.ts';
import { parseKey } from '../address.ts';
import type { OperationContext, Permission } from '../operation.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import type { VersionChoice } from '../versions.ts';
import { parseVersionId } from '../versions.ts';
import type { XmlElement } from '../xml/read.ts';
import { childrenNamed, childText, findChild, malformed, readXml, requiredText } from '../xml/read.ts';
import { element, group, resultDocument } from '../xml/write.ts';

const MAX_ENTRIES = 1000;
/** 1,000 keys of 1,024 bytes, every byte written as a reference, and their tags */
const MAX_XML_BYTES = 8 * 1024 * 1024;

type Entry = {
  readonly key: ObjectKey;
  readonly versionId: string | null;
  readonly version: VersionChoice;
  readonly ifMatch: string | null;
};

type Result = { readonly entry: Entry; readonly error: S3Error | null };

function parseEntry(object: XmlElement): Entry {
  if (findChild(object, 'LastModifiedTime') ?? findChild(object, 'Size')) throw new S3Error('NotImplemented');
  const key = requiredText(object, 'Key');
  if (key === '') throw malformed();
  const versionId = childText(object, 'VersionId') ?? null;
  return {
    key: parseKey(key),
    versionId,
    version: parseVersionId(versionId === null || versionId === '' ? undefined : versionId),
    ifMatch: childText(object, 'ETag') ?? null,
  };
}

function parseDelete(bytes: Uint8Array): { readonly entries: readonly Entry[]; readonly quiet: boolean } {
  const root = readXml(bytes, 'Delete');
  const objects = childrenNamed(root, 'Object');
  if (objects.length === 0 || objects.length > MAX_ENTRIES) throw malformed();
  return { entries: objects.map(parseEntry), quiet: childText(root, 'Quiet')?.trim().toLowerCase() === 'true' };
}

function permissionFor(context: OperationContext, { key, version }: Entry): Permission {
  const action = version === 'current' ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  return { action, on: { bucket: requireBucket(context).name, key } };
}

/** Results in the order of the entries: who may not delete a key is told so for that key alone. */
async function deleteEntries(context: OperationContext, entries: readonly Entry[]): Promise<Result[]> {
  const answers = await Promise.all(entries.map((entry) => context.allows(permissionFor(context, entry))));
  const allowed = entries.filter((_entry, index) => answers[index] === true);
  // A version that is not there is as deleted as it can be.
  const keys = allowed.filter((entry) => entry.version !== 'unknown');
  const guard = context.guardFor(keys.map((entry) => permissionFor(context, entry)));
  const outcomes = await deleteStored(context.services, { bucket: requireBucket(context), keys, guard });
  const errors = new Map<Entry, S3Error | null>(allowed.map((entry) => [entry, null]));
  for (const [index, entry] of keys.entries()) errors.set(entry, outcomes[index]?.error ?? null);
  return entries.map((entry) => {
    const error = errors.get(entry);
    return { entry, error: error === undefined ? new S3Error('AccessDenied') : error };
  });
}

function resultXml({ entry, error }: Result, quiet: boolean): string {
  const name = element('Key', entry.key) + element('VersionId', entry.versionId);
  if (error === null) return quiet ? '' : group('Deleted', name);
  return group('Error', name, element('Code', error.code), element('Message', error.message));
}

export const deleteObjects = declare({
  name: 'DeleteObjects',
  target: 'bucket',
  method: 'POST',
  match: ['delete'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ hasMd5: request.headers.has('content-md5') }),
  permissions: () => [{ action: 's3:DeleteObject', perEntry: true }],
  run: async ({ hasMd5 }, context) => {
    if (!hasMd5 && context.body.announcedChecksum === null) {
      throw new S3Error('InvalidRequest', {
        message: 'Missing required header for this request: Content-MD5 or x-amz-checksum-*.',
      });
    }
    const { entries, quiet } = parseDelete(await context.body.bytes(MAX_XML_BYTES));
    const results = await deleteEntries(context, entries);
    return { status: 200, body: resultDocument('DeleteResult', ...results.map((result) => resultXml(result, quiet))) };
  },
});
