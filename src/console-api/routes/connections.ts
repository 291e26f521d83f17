// Ready-to-paste set-ups of S3 clients. They never hold a secret key: the server cannot know it.
import { X509Certificate } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { allClientSetups, clientSetupFor } from '../connections/all.ts';
import { CA_FILE_NAME, type ConnectionFacts, hostname, type LocalCa, port } from '../connections/setup.ts';
import { ProblemError } from '../../shared/errors.ts';
import { refusals, textFile } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps, RegionFacts } from '../console-deps.ts';
import {
  ACCESS_KEY_PLACEHOLDER,
  connectionParams,
  connections,
  connectionsQuery,
  projectParams,
  SECRET_PLACEHOLDER,
} from '../contract.ts';
import { projectOf, regionOf } from '../projects-of.ts';
import { attachment } from './attachment.ts';

function localCa(deps: ConsoleDeps, request: FastifyRequest): LocalCa | null {
  if (deps.localCaPem === null) return null;
  const sha256Fingerprint = new X509Certificate(deps.localCaPem).fingerprint256;
  return { url: `https://${request.host}/api/v1/ca.pem`, sha256Fingerprint, path: null };
}

type ConnectionRequest = FastifyRequest<{
  Params: { projectId: string };
  Querystring: { accessKey?: string | undefined };
}>;

async function factsFor(
  deps: ConsoleDeps,
  request: ConnectionRequest,
): Promise<{ facts: ConnectionFacts; region: RegionFacts }> {
  const project = await projectOf(deps, callerOf(request).identity.accountId, request.params.projectId);
  const region = regionOf(deps, project);
  const facts = {
    endpoint: region.endpoint,
    region: region.name,
    accessKey: request.query.accessKey ?? ACCESS_KEY_PLACEHOLDER,
    secretKey: SECRET_PLACEHOLDER,
    ca: localCa(deps, request),
  };
  return { facts, region };
}

export function connectionRoutes(api: Api, deps: ConsoleDeps): void {
  const config = { access: { action: 'vstorage:ListProjects' } } as const;
  const tags = ['Connections'];
  api.get(
    '/projects/:projectId/connections',
    {
      config: { ...config, audit: 'ListConnections' },
      schema: {
        tags,
        summary: 'How S3 clients connect to the project',
        params: projectParams,
        querystring: connectionsQuery,
        response: { 200: connections, ...refusals },
      },
    },
    async (request) => {
      const { facts, region } = await factsFor(deps, request);
      const { ca, endpoint, accessKey } = facts;
      return {
        endpoint,
        host: hostname(facts),
        port: port(facts),
        region: facts.region,
        domain: region.domains[0] ?? null,
        pathStyle: true,
        ca: ca && { url: ca.url, fileName: CA_FILE_NAME, sha256Fingerprint: ca.sha256Fingerprint },
        accessKey,
        secretPlaceholder: SECRET_PLACEHOLDER,
        clients: allClientSetups(facts),
      };
    },
  );
  api.get(
    '/projects/:projectId/connections/:client/download',
    {
      config: { ...config, audit: 'DownloadConnection' },
      schema: {
        tags,
        summary: 'The configuration file of one client (the example program, for an SDK)',
        params: connectionParams,
        querystring: connectionsQuery,
        response: { 200: textFile, ...refusals },
      },
    },
    async (request, reply) => {
      const { facts } = await factsFor(deps, request);
      const [file] = clientSetupFor(request.params.client, facts).files;
      if (file === undefined) throw new ProblemError(404, 'no-file', 'This client needs no file.');
      return await reply.headers(attachment(file.name)).type(file.contentType).send(file.content);
    },
  );
}
