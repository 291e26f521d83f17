// Who owns what others write into a bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
import type { ObjectOwnership } from '../metadata/tables/access.ts';

const known: readonly ObjectOwnership[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];

export const parseOwnership = (text: string): ObjectOwnership | undefined => known.find((name) => name === text);
