// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
import { listObjectHeads } from '../../storage/list-objects.ts';
import { decodeToken, encodeToken } from '../continuation.ts';
import { noOwners, readListedOwners } from '../acl/listed-owners.ts';
import { emptyListing, entriesXml, listingHead, objectsIn, parseListing } from '../listing.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { element, resultDocument } from '../xml/write.ts';

export const listObjectsV2 = declare({
  name: 'ListObjectsV2',
  target: 'bucket',
  method: 'GET',
  match: ['list-type=2'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({
    ...parseListing(request),
    token: request.query.get('continuation-token') ?? null,
    resumeAfter: decodeToken(request),
    startAfter: request.query.get('start-after') ?? '',
    fetchOwner: request.query.get('fetch-owner')?.toLowerCase() === 'true',
  }),
  permissions: () => [{ action: 's3:ListBucket' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const startAfter = input.resumeAfter ?? (input.startAfter === '' ? null : input.startAfter);
    // A token goes on after what the page before ended with; start-after only names a place.
    const prefixOfStartAfter = input.resumeAfter === null ? 'show' : 'skip';
    const listing =
      input.maxKeys === 0
        ? emptyListing
        : await listObjectHeads(context.services, bucket, { ...input, startAfter, prefixOfStartAfter });
    const owners = input.fetchOwner ? await readListedOwners(context, objectsIn(listing.entries)) : noOwners;
    return {
      status: 200,
      body: resultDocument(
        'ListBucketResult',
        listingHead(bucket, input, listing),
        element('KeyCount', listing.entries.length),
        element('ContinuationToken', input.token),
        element('NextContinuationToken', listing.next === null ? null : encodeToken(listing.next)),
        element('StartAfter', input.startAfter === '' ? null : input.encode(input.startAfter)),
        entriesXml(listing.entries, input.encode, owners),
      ),
    };
  },
});
