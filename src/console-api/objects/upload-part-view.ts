import type { PartRecord } from '../../metadata/tables/objects.ts';
import type { PartView } from '../contract/uploads.ts';

export function viewPart({ partNumber, sizeBytes, etag, checksum }: PartRecord): PartView {
  return { partNumber, bytes: sizeBytes, etag, checksum: checksum?.value ?? null };
}
