// What a signed request claims, read from its headers (sigv4-header.ts) or its query (sigv4-presigned.ts), and the
// checks that both share. None of it is trusted before sigv4-verify.ts.
import { S3Error } from '../../shared/errors.ts';
import { type SigningService, TERMINATOR } from './sigv4-key.ts';

export type SignatureClaim = {
  readonly source: 'header' | 'query';
  readonly accessKey: string;
  readonly scope: CredentialScope;
  /** `yyyyMMdd'T'HHmmss'Z'` */
  readonly timestamp: string;
  /** the same in ms since 1970 */
  readonly signedAt: number;
  /** of a presigned URL */
  readonly expiresSeconds: number | null;
  /** lower-case, in the order sent */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
};

export type CredentialScope = {
  readonly date: string;
  /** as the client wrote it: that is what it signed with */
  readonly region: string;
  /** `20130524/HAN02/s3/aws4_request` */
  readonly text: string;
};

/** AWS words one fault differently for the two places a signature can stand in. */
export function malformed(
  source: SignatureClaim['source'],
  text: string,
  fields: Record<string, string> = {},
): S3Error {
  return source === 'header'
    ? new S3Error('AuthorizationHeaderMalformed', { message: `The authorization header is malformed; ${text}`, fields })
    : new S3Error('AuthorizationQueryParametersError', {
        message: `Error parsing the X-Amz-Credential parameter; ${text}`,
        fields,
      });
}

/** `<access key>/yyyyMMdd/region/<service>/aws4_request`; an access key may itself hold a slash. */
export function parseCredential(
  source: SignatureClaim['source'],
  credential: string,
  expected: SigningService = 's3',
): { readonly accessKey: string; readonly scope: CredentialScope } {
  const parts = credential.split('/');
  const [date, region, service, terminator] = parts.slice(-4);
  const accessKey = parts.slice(0, -4).join('/');
  // clients that have no region configured sign with an empty one
  if (accessKey === '' || !date || region === undefined || !service || !terminator) {
    throw malformed(
      source,
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  if (terminator !== TERMINATOR) {
    throw malformed(source, `incorrect terminal "${terminator}". This endpoint uses "aws4_request".`);
  }
  if (service !== expected) {
    throw malformed(source, `incorrect service "${service}". This endpoint belongs to "${expected}".`);
  }
  if (!/^\d{8}$/.test(date)) {
    throw malformed(
      source,
      `incorrect date format "${date}". This date in the credential must be in the format "yyyyMMdd".`,
    );
  }
  return { accessKey, scope: { date, region, text: `${date}/${region}/${service}/${terminator}` } };
}

/** `domains` are its virtual-host bases: none means path style only. */
export type SigningRegion = { readonly name: string; readonly domains?: readonly string[] };

/** Throws unless the scope names the region, or `us-east-1` or none when these stand for it. */
export function checkRegion(
  claim: Pick<SignatureClaim, 'source' | 'scope'>,
  region: SigningRegion,
  strictRegion: boolean,
): void {
  const claimed = claim.scope.region.toLowerCase();
  if (!strictRegion && (claimed === 'us-east-1' || claimed === '')) return;
  const expected = region.name;
  if (expected.toLowerCase() === claimed) return;
  throw malformed(claim.source, `the region '${claim.scope.region}' is wrong; expecting '${expected}'`, {
    Region: expected,
  });
}
