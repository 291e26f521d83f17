// The console listener: the REST API, its documentation and the built console.
//
// It opens no socket. Mount it on any server:
//   const app = await createConsoleApp(deps);           // ready to use: plugins loaded, routes checked
//   https.createServer(tls, (req, res) => app.routing(req, res));
//   … await app.close();
import cookie from '@fastify/cookie';
import {
  type FastifyBaseLogger,
  fastify,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { FastifyPluginAsyncZod, ZodTypeProvider } from 'fastify-type-provider-zod';
import { newRequestId } from '../shared/ids.ts';
import { noteAnswer, noteError, recordChange, recordRest } from './audit/audit-hooks.ts';
import type { Api, ConsoleDeps } from './console-deps.ts';
import { describeApi, serveApiDocs } from './openapi.ts';
import { renderError } from './problems.ts';
import { accountS3KeyRoutes } from './routes/account-s3-keys.ts';
import { archiveRoutes } from './routes/archives.ts';
import { auditRoutes } from './routes/audit.ts';
import { backgroundRoutes } from './routes/background.ts';
import { bucketAuditRoutes } from './routes/bucket-audit.ts';
import { bucketPolicyRoutes } from './routes/bucket-policy.ts';
import { bucketReachRoutes } from './routes/bucket-reach.ts';
import { bucketSettingRoutes } from './routes/bucket-settings.ts';
import { bucketListRoutes, bucketRoutes } from './routes/buckets.ts';
import { caRoutes } from './routes/ca.ts';
import { connectionRoutes } from './routes/connections.ts';
import { connectionTestRoutes } from './routes/connection-test.ts';
import { externalBucketRoutes } from './routes/external-buckets.ts';
import { groupRoutes } from './routes/groups.ts';
import { holderPolicyRoutes } from './routes/holder-policies.ts';
import { limitRoutes } from './routes/limits.ts';
import { policyImportRoutes, policyUsageRoutes, policyVersionRoutes } from './routes/policy-versions.ts';
import { roleRoutes } from './routes/roles.ts';
import { roleSessionRoutes } from './routes/role-sessions.ts';
import { s3KeyOwnerRoutes } from './routes/s3-key-owner.ts';
import { serviceAccountRoutes } from './routes/service-accounts.ts';
import { impersonationRoutes, tokenRoutes } from './routes/tokens.ts';
import { userFactRoutes } from './routes/user-facts.ts';
import { objectChangeRoutes } from './routes/object-changes.ts';
import { objectContentRoutes } from './routes/object-content.ts';
import { objectDeleteRoutes } from './routes/object-deletes.ts';
import { objectRoutes } from './routes/objects.ts';
import { policyRoutes } from './routes/policies.ts';
import { projectHistoryRoutes, projectSettingRoutes } from './routes/project-settings.ts';
import { projectListRoutes, projectRoutes } from './routes/projects.ts';
import { reportRoutes } from './routes/reports.ts';
import { refusalRoutes } from './routes/refusals.ts';
import { regionRoutes } from './routes/regions.ts';
import { s3KeyReportRoutes } from './routes/s3-key-report.ts';
import { s3KeyRotationRoutes } from './routes/s3-key-rotation.ts';
import { s3KeyListRoutes, s3KeyRoutes } from './routes/s3-keys.ts';
import { identityProviderRoutes } from './routes/identity-providers.ts';
import { mailLinkRoutes, signUpRoutes } from './routes/mail-links.ts';
import { ownSessionRoutes, passkeyRoutes, securityRoutes } from './routes/own-security.ts';
import { invitationRoutes, signInSettingsRoutes, userSignInRoutes } from './routes/sign-in-settings.ts';
import { sessionRoutes, signInRoutes } from './routes/session.ts';
import { shareRoutes } from './routes/share.ts';
import { actionRoutes } from './routes/actions.ts';
import { simulateRoutes } from './routes/simulate.ts';
import { taskListRoutes, taskRoutes } from './routes/tasks.ts';
import { uploadPartRoutes } from './routes/upload-parts.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { userDeleteRoutes, userListRoutes, userRoutes } from './routes/users.ts';
import { meterRequest } from './meter-request.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { logChange } from './log-change.ts';
import { authorizeCaller, identifyCaller } from './session-hooks.ts';
import { serveConsole } from './static-console.ts';

const MAX_BODY_BYTES = 64 * 1024;

const routes = [
  sessionRoutes,
  signInRoutes,
  mailLinkRoutes,
  signUpRoutes,
  securityRoutes,
  passkeyRoutes,
  ownSessionRoutes,
  signInSettingsRoutes,
  userSignInRoutes,
  invitationRoutes,
  identityProviderRoutes,
  regionRoutes,
  projectListRoutes,
  projectRoutes,
  projectSettingRoutes,
  projectHistoryRoutes,
  bucketListRoutes,
  bucketRoutes,
  externalBucketRoutes,
  bucketSettingRoutes,
  bucketPolicyRoutes,
  bucketReachRoutes,
  objectRoutes,
  objectContentRoutes,
  objectChangeRoutes,
  objectDeleteRoutes,
  archiveRoutes,
  shareRoutes,
  taskListRoutes,
  taskRoutes,
  backgroundRoutes,
  uploadRoutes,
  uploadPartRoutes,
  s3KeyListRoutes,
  s3KeyRoutes,
  s3KeyRotationRoutes,
  s3KeyOwnerRoutes,
  s3KeyReportRoutes,
  accountS3KeyRoutes,
  connectionRoutes,
  connectionTestRoutes,
  caRoutes,
  userListRoutes,
  userDeleteRoutes,
  userRoutes,
  userFactRoutes,
  groupRoutes,
  serviceAccountRoutes,
  roleRoutes,
  roleSessionRoutes,
  holderPolicyRoutes,
  tokenRoutes,
  impersonationRoutes,
  limitRoutes,
  policyRoutes,
  policyVersionRoutes,
  policyUsageRoutes,
  policyImportRoutes,
  actionRoutes,
  simulateRoutes,
  auditRoutes,
  bucketAuditRoutes,
  refusalRoutes,
  reportRoutes,
];

/** A URL that cannot be decoded never reaches the hooks. */
function renderEarlyError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  setSecurityHeaders(reply, false);
  reply.header('x-request-id', request.id);
  renderError(error, request, reply);
}

function newApp(deps: ConsoleDeps) {
  const loggerInstance: FastifyBaseLogger = deps.log;
  const app = fastify({
    loggerInstance,
    // what went wrong is logged where it is rendered (problems.ts)
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: newRequestId,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: deps.trustedProxies === null ? false : [...deps.trustedProxies],
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: renderEarlyError,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(renderError);
  app.removeContentTypeParser('text/plain');
  return app;
}

/** A browser or proxy keeps nothing of the API, and no page elsewhere can frame or read the console. */
function addHeaders(app: FastifyInstance, deps: ConsoleDeps): void {
  const strictTransport = deps.localCaPem === null;
  app.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(reply, strictTransport);
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/api/v1/')) reply.header('cache-control', 'no-store');
  });
}

async function addApi(api: Api, deps: ConsoleDeps): Promise<void> {
  api.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${String(route.method)} ${route.url} has no access rule`);
  });
  api.addHook('onRequest', identifyCaller(deps));
  api.addHook('preHandler', authorizeCaller);
  api.addHook('onError', noteError);
  api.addHook('preSerialization', noteAnswer);
  api.addHook('onSend', recordChange(deps));
  api.addHook('onResponse', recordRest(deps));
  api.addHook('onResponse', logChange);
  api.addHook('onResponse', meterRequest(deps));
  for (const add of routes) add(api, deps);
}

export async function createConsoleApp(deps: ConsoleDeps) {
  const app = newApp(deps);
  app.decorateRequest('caller', null);
  app.decorateRequest('auditNotes', null);
  app.decorateRequest('incomingBody', null);
  app.decorateRequest('meteredBucket', null);
  app.decorateRequest('sentBefore', 0);
  addHeaders(app, deps);
  await app.register(cookie);
  await describeApi(app);
  const mountApi: FastifyPluginAsyncZod = async (api) => await addApi(api, deps);
  await app.register(mountApi, { prefix: '/api/v1' });
  await serveApiDocs(app);
  await serveConsole(app, deps.consoleDir);
  await app.ready();
  return app;
}
