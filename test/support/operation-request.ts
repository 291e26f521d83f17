// A request for each operation of the table, made from its declaration, so that an operation that is added is tried too.
import type { DeclaredOperation } from '../../src/s3/operation.ts';
import type { RawRequest } from './raw-s3.ts';

const UPLOAD_ID = '0'.repeat(32);
const values: Readonly<Record<string, string>> = { uploadId: UPLOAD_ID, partNumber: '1', 'list-type': '2' };
/** What an operation's input asks for beside its selectors. */
const more: Readonly<
  Record<string, { headers?: Record<string, string>; query?: Record<string, string>; body?: string }>
> = {
  GetObjectAttributes: { headers: { 'x-amz-object-attributes': 'ETag' } },
  UploadPart: { query: { partNumber: '1' }, body: 'x' },
  UploadPartCopy: { query: { partNumber: '1' } },
  PutObject: { body: 'x' },
  PutObjectTagging: { body: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>' },
  DeleteObjects: { body: '<Delete><Object><Key>key</Key></Object></Delete>' },
  RenameObject: { headers: { 'x-amz-rename-source': '/key' } },
};

/** What reaches an operation, as the table declares it. */
export function requestFor(operation: DeclaredOperation, name: string): RawRequest {
  const query: Record<string, string> = {};
  const headers: Record<string, string> = {};
  for (const selector of operation.match) {
    const [parameter = '', value] = selector.split('=');
    if (parameter.startsWith('header:')) headers[parameter.slice('header:'.length)] = `/${name}/key`;
    else query[parameter] = value ?? values[parameter] ?? '';
  }
  const extra = more[operation.name] ?? {};
  return {
    method: operation.method,
    path: operation.target === 'object' ? `/${name}/key` : `/${name}`,
    query: { ...query, ...extra.query },
    headers: { ...headers, ...extra.headers },
    checksum: 'CRC32',
    ...(extra.body === undefined ? {} : { body: extra.body }),
  };
}
