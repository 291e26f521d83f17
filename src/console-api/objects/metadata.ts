// What is stored with an object, from the contract's form into the record's.
import type { ObjectRecord, SystemMetadata } from '../../metadata/tables/objects.ts';
import { S3Error } from '../../shared/errors.ts';
import type { SystemMetadataView } from '../contract/objects.ts';

/** Names and values together, in UTF-8, as S3 has it. */
const MAX_USER_METADATA_BYTES = 2048;
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

type Given = {
  readonly system: SystemMetadataView;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Errors: InvalidArgument (a control character), MetadataTooLarge. */
export function metadataOf({ system, metadata }: Given): Pick<ObjectRecord, 'system' | 'user'> {
  const given = Object.entries(system).filter((entry): entry is [string, string] => Boolean(entry[1]));
  for (const [name, value] of [...given, ...Object.entries(metadata)]) {
    if (!CONTROL.test(value)) continue;
    throw new S3Error('InvalidArgument', { message: `${name} holds a control character, which no header can.` });
  }
  const pairs = Object.entries(metadata);
  const sizeBytes = pairs.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (sizeBytes > MAX_USER_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', {
      message: `Names and values have ${sizeBytes} bytes together; ${MAX_USER_METADATA_BYTES} are the most.`,
    });
  }
  const known: SystemMetadata = Object.fromEntries(given);
  return { system: known, user: metadata };
}
