// The ACL that PutBucketAcl and PutObjectAcl set: in headers or in the body, never both.
import { S3Error } from '../../shared/errors.ts';
import type { OperationContext } from '../operation.ts';
import { parseAclXml } from './acl-xml.ts';
import type { RequestedAcl } from './requested-acl.ts';

/** 100 grants, generously spaced */
const MAX_XML_BYTES = 256 * 1024;

/** Errors: MissingSecurityHeader (nothing asked for), UnexpectedContent, MalformedACLError. */
export async function readRequestedAcl(
  { body }: Pick<OperationContext, 'body'>,
  inHeaders: RequestedAcl | null,
): Promise<RequestedAcl> {
  const bytes = await body.bytes(MAX_XML_BYTES);
  if (inHeaders === null && bytes.byteLength > 0) return parseAclXml(bytes);
  if (bytes.byteLength > 0) {
    throw new S3Error('UnexpectedContent', { message: 'This request does not support content.' });
  }
  if (inHeaders !== null) return inHeaders;
  throw new S3Error('MissingSecurityHeader', {
    fields: { MissingHeaderName: 'x-amz-acl' },
  });
}
