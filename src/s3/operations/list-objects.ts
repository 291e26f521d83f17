// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
import { listObjectHeads } from '../../storage/list-objects.ts';
import { readListedOwners } from '../acl/listed-owners.ts';
import { emptyListing, entriesXml, listingHead, objectsIn, parseListing } from '../listing.ts';
import { declare } from '../operation.ts';
import { requireBucket } from '../require.ts';
import { element, resultDocument } from '../xml/write.ts';

export const listObjects = declare({
  name: 'ListObjects',
  target: 'bucket',
  method: 'GET',
  match: [],
  // S3 takes any other list type than 2 for the first
  accepts: ['list-type'],
  bucketMustExist: true,
  implemented: 'yes',
  input: (request) => ({ ...parseListing(request), marker: request.query.get('marker') ?? '' }),
  permissions: () => [{ action: 's3:ListBucket' }],
  run: async (input, context) => {
    const bucket = requireBucket(context);
    const { marker, encode } = input;
    const startAfter = marker === '' ? null : marker;
    const listing =
      input.maxKeys === 0
        ? emptyListing
        : await listObjectHeads(context.services, bucket, { ...input, startAfter, prefixOfStartAfter: 'skip' });
    // Without a delimiter the client goes on from the last key; S3 gives NextMarker only with one.
    const nextMarker = input.delimiter === null || listing.next === null ? null : encode(listing.next);
    const owners = await readListedOwners(context, objectsIn(listing.entries));
    return {
      status: 200,
      body: resultDocument(
        'ListBucketResult',
        listingHead(bucket, input, listing),
        element('Marker', encode(marker)),
        element('NextMarker', nextMarker),
        entriesXml(listing.entries, encode, owners),
      ),
    };
  },
});
