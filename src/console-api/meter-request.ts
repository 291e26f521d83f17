// What the console's own uploads and downloads add to the reports: they take the same path as those of S3 clients.
import type { FastifyReply, FastifyRequest, onResponseAsyncHookHandler } from 'fastify';
import type { BucketRecord } from '../metadata/tables/objects.ts';
import { kindOfRequest } from '../reports/meter.ts';
import { auditKindOf } from './audit/audit-rule.ts';
import type { ConsoleDeps } from './console-deps.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** the bucket it is about, once it was found */
    meteredBucket: BucketRecord | null;
    /** what its connection had sent before */
    sentBefore: number;
  }
}

export const meterRequest =
  ({ meter }: Pick<ConsoleDeps, 'meter'>): onResponseAsyncHookHandler =>
  async (request, reply) => {
    const { method, meteredBucket: bucket, routeOptions } = request;
    if (bucket === null) return;
    const { audit } = routeOptions.config;
    const { operation, category } = auditKindOf({ method, url: routeOptions.url ?? '', audit });
    if (category !== 'data') return;
    meter.count({
      projectId: bucket.projectId,
      bucket,
      kind: kindOfRequest(operation, method),
      status: reply.statusCode,
      bytesIn: request.incomingBody?.bytesRead() ?? 0,
      bytesOut: bytesOut(request, reply),
    });
  };

/** A download that was broken off has sent less than it announced. */
function bytesOut({ raw, sentBefore }: FastifyRequest, reply: FastifyReply): number {
  if (raw.method === 'HEAD') return 0;
  const sent = Math.max((raw.socket?.bytesWritten ?? 0) - sentBefore, 0);
  const announced = Number(reply.getHeader('content-length') ?? Number.NaN);
  return Number.isNaN(announced) ? sent : Math.min(announced, reply.raw.writableFinished ? announced : sent);
}
