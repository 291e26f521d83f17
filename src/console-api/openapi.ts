// OpenAPI 3.1, made of the zod schemas of contract.ts; readable at /api/docs/.
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as contract from './contract.ts';
import { bucketView } from './contract/buckets.ts';
import { groupView, serviceAccountView } from './contract/iam.ts';
import { objectView } from './contract/objects.ts';
import { taskView } from './contract/tasks.ts';
import { contentSecurityPolicy } from './security-headers.ts';

/** Schemas with a name of their own in the document. */
const named: Readonly<Record<string, z.ZodType>> = {
  Problem: contract.problem,
  Session: contract.sessionView,
  Region: contract.regionView,
  Project: contract.projectView,
  Bucket: bucketView,
  Object: objectView,
  Task: taskView,
  S3Key: contract.s3KeyView,
  CreatedS3Key: contract.createdS3Key,
  Group: groupView,
  ServiceAccount: serviceAccountView,
  ClientSetup: contract.clientSetup,
  User: contract.userView,
  PolicySummary: contract.policySummary,
  Policy: contract.policyView,
  DeleteManyResult: contract.deleteManyResult,
};

const description = `Everything the vStorage console does goes through this API.

**Signing in.** \`POST /api/v1/session\` sets the cookie \`__Host-vstorage-session\` and answers a \`csrfToken\`. Every
request that changes something needs the cookie, the header \`X-CSRF-Token\` with that token, and the header \`Origin\`
with the console's own origin.

**Programs** have a service account: \`POST /api/v1/auth/token\` with its id and secret (HTTP Basic) answers a bearer
token for the header \`Authorization\`; no cookie, no CSRF token. **Errors** are \`application/problem+json\` with a stable \`code\`. **Lists** answer \`items\` and \`nextCursor\`; send the
latter back as \`?cursor=\` until it is null. **Times** are ISO 8601 in UTC.`;

export async function describeApi(app: FastifyInstance): Promise<void> {
  const schemaRegistry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) schemaRegistry.add(schema, { id });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'vStorage REST API',
        version: '1',
        description,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: '__Host-vstorage-session' },
          bearer: { type: 'http', scheme: 'bearer', description: 'of POST /api/v1/auth/token' },
        },
      },
      security: [{ session: [] }, { bearer: [] }],
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  });
}

export async function serveApiDocs(app: FastifyInstance): Promise<void> {
  app.get('/api/v1/openapi.json', { schema: { hide: true }, config: { access: 'public' } }, async (_request, reply) => {
    await reply.type('application/json; charset=utf-8').send(app.swagger());
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: contentSecurityPolicy(null),
    // Trying changes out would need the CSRF token; reading works with the session of the console.
    uiConfig: { layout: 'BaseLayout', supportedSubmitMethods: ['get'], deepLinking: true },
    theme: { title: 'vStorage REST API' },
  });
}
