// What server access logs call operations: REST.METHOD.RESOURCE.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
import type { Trace } from '../trace.ts';

const NAMES: Readonly<Record<string, string>> = {
  CopyObject: 'REST.COPY.OBJECT',
  UploadPart: 'REST.PUT.PART',
  UploadPartCopy: 'REST.COPY.PART',
  CreateMultipartUpload: 'REST.POST.UPLOADS',
  CompleteMultipartUpload: 'REST.POST.UPLOAD',
  AbortMultipartUpload: 'REST.DELETE.UPLOAD',
  ListParts: 'REST.GET.UPLOAD',
  ListMultipartUploads: 'REST.GET.UPLOADS',
  DeleteObjects: 'REST.POST.MULTI_OBJECT_DELETE',
  PostObject: 'REST.POST.BUCKET',
  ListObjectVersions: 'REST.GET.BUCKETVERSIONS',
  RestoreObject: 'REST.POST.RESTORE',
  Preflight: 'REST.OPTIONS.PREFLIGHT',
  WebsiteGetObject: 'WEBSITE.GET.OBJECT',
};

/** Sub-resources whose name there is not the one in the query. */
const RESOURCES: Readonly<Record<string, string>> = {
  policy: 'BUCKETPOLICY',
  policyStatus: 'BUCKETPOLICY_STATUS',
  logging: 'LOGGING_STATUS',
  ownershipControls: 'OWNERSHIP_CONTROLS',
  publicAccessBlock: 'PUBLIC_ACCESS_BLOCK',
  requestPayment: 'REQUEST_PAYMENT',
  'object-lock': 'OBJECT_LOCK_CONFIGURATION',
  'legal-hold': 'LEGAL_HOLD',
};

const PLAIN = /^(?:Put|Get|Head|Delete)(?:Object|Bucket)$|^ListObjects|^CreateBucket$/;

export function operationName({ operation, method, request }: Trace): string {
  const known = NAMES[operation];
  if (known !== undefined) return known;
  const isObject = request?.key !== null && request?.key !== undefined;
  const resource = PLAIN.test(operation) ? null : subResource(request?.query ?? new Map<string, string>(), isObject);
  return `REST.${method}.${resource ?? (isObject ? 'OBJECT' : 'BUCKET')}`;
}

function subResource(query: ReadonlyMap<string, string>, isObject: boolean): string | null {
  const [name] = query.keys();
  if (name === undefined) return null;
  if (name === 'tagging') return isObject ? 'OBJECT_TAGGING' : 'TAGGING';
  return RESOURCES[name] ?? name.toUpperCase().replaceAll('-', '_');
}
