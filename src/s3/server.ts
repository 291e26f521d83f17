// The S3 listener's request handler. Mount it for 'request' and for 'checkContinue' (it decides itself when to answer
// `100 Continue`), on servers with `requestTimeout: 0` (slow large uploads are fine; the body reader has its own limit
// on silence) and a bounded `headersTimeout`.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { newRequestId } from '../shared/ids.ts';
import { createAdmission, MOST_WAITING } from './admission.ts';
import { createConnectionReader } from './connection.ts';
import { operations } from './operations/table.ts';
import { type Edge, handleRequest } from './pipeline.ts';
import { errorXml } from './render-error.ts';
import { createRouter } from './route.ts';
import { S3Error } from '../shared/errors.ts';
import { createRegionFinder, type Domains } from './region-of-host.ts';
import type { S3Region, S3Services } from './services.ts';

export type S3Handler = (incoming: IncomingMessage, response: ServerResponse) => void;

/** What all regions share; the first is the default region. */
export type S3Deployment = Omit<S3Services, 'region' | keyof Omit<S3Region, 'name'>> & {
  readonly regions: readonly S3Region[];
};

export function createS3Handler({ regions, ...services }: S3Deployment): S3Handler {
  const shared = {
    route: createRouter(operations),
    hostId: services.hostId,
    connections: createConnectionReader(services.behindProxy),
    admission: createAdmission(MOST_WAITING),
  };
  const edgeOf = createRegionFinder(
    regions.map(({ name: region, domains, websiteDomains, storageClasses }, index): Edge & Domains => {
      // `us-east-1` stands for the first region only
      const strictRegion = services.strictRegion || index > 0;
      const own = { ...services, region, domains, websiteDomains, storageClasses, strictRegion };
      return { ...shared, domains, websiteDomains, services: own, bucketIds: new Map() };
    }),
  );
  return (incoming, response) => {
    handleRequest(edgeOf(incoming.headers.host ?? ''), incoming, response).catch((error: unknown) => {
      services.log.error({ err: error }, 'an S3 request could not be answered');
      response.destroy();
    });
  };
}

/** What a client that speaks plain HTTP to the TLS port is told: the whole response, as bytes. */
export function plainHttpRefusal(): Buffer {
  const requestId = newRequestId();
  const error = new S3Error('InvalidRequest', {
    message: 'This port speaks HTTPS only. Use https:// in the endpoint (turn on SSL/TLS in your client).',
  });
  const xml = errorXml(error, { requestId, hostId: null, resource: '/' });
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Server: vStorage',
    `Date: ${new Date().toUTCString()}`,
    'Content-Type: application/xml',
    `Content-Length: ${Buffer.byteLength(xml)}`,
    `x-amz-request-id: ${requestId}`,
    'Connection: close',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${xml}`);
}
