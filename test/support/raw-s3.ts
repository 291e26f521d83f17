// A raw S3 client for tests: sends exactly what it is told, signed in any of S3's ways, and can break each of them.
//
//   const s3 = rawS3({ url: server.s3Url, ca, accessKey, secretKey, region: 'HAN02' });
//   const reply = await s3({ method: 'PUT', path: '/bucket/key', body: 'hello', payload: 'chunked-signed' });
//   assert.equal(reply.status, 200);
//   const refused = await s3({ path: '/bucket/key', tamper: { signature: () => '0'.repeat(64) } });
//   assert.equal(refused.code, 'SignatureDoesNotMatch');
//   assert.equal(refused.field('AWSAccessKeyId'), accessKey);
import { buildRequest, type RawRequest, type Target } from './raw-s3-request.ts';
import { exchange, type RawReply } from './raw-s3-exchange.ts';

export type { RawReply, RawRequest, Target };

export type RawS3 = (request: RawRequest) => Promise<RawReply>;

export function rawS3(target: Target): RawS3 {
  return async (request) => await exchange(target, await buildRequest(target, request));
}
