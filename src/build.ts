// What a worker serves, composed.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { AccessLogBuffer } from './access-logs/buffer.ts';
import { createAccessLogBuffer } from './access-logs/buffer.ts';
import { createSignerDeps } from './access/signers.ts';
import { type Auditor, createAuditor } from './audit/auditor.ts';
import type { PushTarget } from './audit/push/push-target.ts';
import { syslogPush } from './audit/push/syslog.ts';
import { webhookPush } from './audit/push/webhook.ts';
import { createAuditSearch } from './audit/search.ts';
import { openAuditTrail } from './audit/trail.ts';
import type { RegionConfig, ServeConfig } from './config/config.ts';
import { readAuthorities, readWebhooks, readWebhookSecret } from './config/webhooks.ts';
import { createConsoleApp } from './console-api/server.ts';
import type { Api, RegionFacts } from './console-api/console-deps.ts';
import { lifecycleOrigin } from './events/event-json.ts';
import { queueEvents } from './events/outbox.ts';
import { createTargets } from './events/targets.ts';
import { createRefusalLog, type RefusalLog } from './explain/refusal-log.ts';
import type { IdentityDeps } from './identity/identity-deps.ts';
import { createQueryApi } from './iam-query/answer.ts';
import type { WebIdentityDeps } from './iam-query/web-identity.ts';
import { auditPushJob } from './jobs/audit-push.ts';
import { auditJob } from './jobs/audit.ts';
import { collectBlobsJob } from './jobs/collect-blobs.ts';
import { expireUploadsJob } from './jobs/expire-uploads.ts';
import type { Job } from './jobs/job.ts';
import { listJobs } from './jobs/job-state.ts';
import { accessLogsJob } from './jobs/access-logs.ts';
import { gatewaysJob } from './jobs/gateways.ts';
import { endRestoresJob } from './jobs/end-restores.ts';
import { lifecycleJob } from './jobs/lifecycle.ts';
import { mailJob } from './jobs/mail.ts';
import { notifyJob } from './jobs/notify.ts';
import { purgeRefusalsJob } from './jobs/purge-refusals.ts';
import { purgeSignInsJob } from './jobs/purge-sign-ins.ts';
import { purgeTemporaryKeysJob } from './jobs/purge-temporary-keys.ts';
import { projectWatchJob } from './jobs/project-watch.ts';
import { purgeTrashJob } from './jobs/purge-trash.ts';
import { reportsJob } from './jobs/reports.ts';
import { tasksJob } from './jobs/tasks.ts';
import { openTransport } from './mail/transport.ts';
import type { MetadataStore } from './metadata/metadata-store.ts';
import type { Log } from './observe/log.ts';
import type { Metrics } from './observe/metrics.ts';
import type { Handler } from './process/http-server.ts';
import { type Meter, openMeter } from './reports/meter-buffer.ts';
import { createS3Handler } from './s3/server.ts';
import type { Clock } from './shared/clock.ts';
import type { Stores } from './stores.ts';
import { openStores } from './stores.ts';
import { DEFAULT_PART_BYTES } from './tasks/task-deps.ts';

/** What a worker knows beside the configuration. */
export type Surroundings = {
  readonly log: Log;
  readonly metrics: Metrics;
  /** what S3 clients connect to, per region */
  readonly regions: readonly [RegionFacts, ...RegionFacts[]];
  readonly localCaPem: string | null;
  /** origin of the console, for links in mails */
  readonly consoleUrl: string;
};

export type Program = AsyncDisposable & {
  readonly s3Handler: Handler;
  readonly consoleHandler: Handler;
  readonly jobs: readonly Job[];
  readonly store: MetadataStore;
  readonly identity: IdentityDeps;
  /** Resolves when the stores can serve; rejects with the port's errors. */
  readonly ready: () => Promise<void>;
};

export async function build(config: ServeConfig, surroundings: Surroundings): Promise<Program> {
  await using opened = new AsyncDisposableStack();
  const stores = opened.use(await openStores(config));
  const accessLog = opened.use(openAccessLog(stores, surroundings));
  const audit = opened.use(openAudit(stores, surroundings));
  const refusals = opened.use(openRefusals(stores, surroundings));
  const meter = opened.use(openMeterOf(stores, surroundings));
  const app = opened.adopt(await buildConsole(config, { stores, audit, refusals, meter }, surroundings), (console) =>
    console.close(),
  );
  const resources = opened.move();
  return {
    s3Handler: buildS3(config, { stores, accessLog, audit, refusals, meter }, surroundings),
    consoleHandler: observed(app, surroundings.metrics),
    jobs: [...buildJobs(config, stores), ...buildMailJob(config, stores, surroundings)],
    store: stores.store,
    identity: stores.identity,
    ready: async () => {
      await stores.store.ready();
      await stores.blobs.ready();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function openAccessLog({ storage }: Stores, { log }: Surroundings): AccessLogBuffer {
  const onError = (error: unknown): void => log.error({ err: error }, 'lines of access logs were lost');
  return createAccessLogBuffer({ ...storage, onError });
}

function openMeterOf({ store, identity }: Stores, { log }: Surroundings): Meter {
  const onError = (error: unknown): void => log.warn({ err: error }, 'counts for reports wait to be written');
  return openMeter({ store, clock: identity.clock, holder: randomBytes(8).toString('hex'), onError });
}

function openAudit({ store, identity }: Stores, { log }: Surroundings): Auditor {
  const onError = (error: unknown): void => log.error({ err: error }, 'the audit trail could not be written');
  const holder = { host: hostname(), pid: process.pid, role: 'worker' };
  const trail = openAuditTrail({ store, clock: identity.clock, holder, onError });
  return createAuditor({ store, onError }, trail);
}

const classNames = ({ storageClasses }: RegionConfig): string[] => storageClasses.map(({ name }) => name);

function readPushTargets(config: ServeConfig, clock: Clock): readonly PushTarget[] {
  const ca = config.auditTargets.length === 0 ? null : readAuthorities(config.eventCaFile);
  return config.auditTargets.map((target) => {
    if (target.kind === 'syslog') return syslogPush(target.name, { ...target, ca, hostName: hostname() });
    const secret = readWebhookSecret(target.secretFile, 'audit-secret-file');
    return webhookPush({ clock }, target.name, { url: new URL(target.url), secret, ca });
  });
}

function openRefusals({ store }: Stores, { log, metrics }: Surroundings): RefusalLog {
  const onError = (error: unknown): void => log.error({ err: error }, 'a refusal could not be explained');
  return createRefusalLog({ store, onError, onDrop: metrics.refusalNotKept });
}

function buildJobs(config: ServeConfig, { storage, identity }: Stores): readonly Job[] {
  const { sessionIdleMs, lifecycleDayMs, accessLogIntervalMs } = config;
  const origin = { ...lifecycleOrigin, requestId: '' };
  const announce = queueEvents(storage.clock, { by: 'lifecycle' }, origin);
  return [
    collectBlobsJob(storage),
    expireUploadsJob(storage),
    lifecycleJob({ ...storage, announce, lifecycleDayMs }),
    endRestoresJob({ ...storage, announce, lifecycleDayMs }),
    accessLogsJob({ ...storage, accessLogIntervalMs }),
    notifyJob({ ...storage, findTarget: createTargets(storage, readWebhooks(config)) }),
    tasksJob({
      ...storage,
      classesOf: (name) => classNames(config.regions.find((region) => region.name === name) ?? config.regions[0]),
      partBytes: DEFAULT_PART_BYTES,
    }),
    purgeTemporaryKeysJob(identity),
    purgeRefusalsJob(identity),
    reportsJob(identity),
    projectWatchJob({ ...identity, mailEnabled: config.mail !== null }),
    purgeTrashJob(identity),
    auditPushJob({ ...storage, auditTargets: readPushTargets(config, storage.clock) }),
    auditJob({ ...identity, auditRetentionMs: config.auditRetentionMs }),
    purgeSignInsJob({ ...identity, sessionIdleMs }),
    gatewaysJob(identity),
  ];
}

function buildMailJob({ mail }: ServeConfig, { identity }: Stores, { consoleUrl, log }: Surroundings): readonly Job[] {
  if (mail === null) return [];
  const onFailed = (facts: object): void => log.warn(facts, 'a mail could not be sent');
  return [mailJob({ ...identity, send: openTransport(mail), consoleUrl, onFailed })];
}

type Logged = {
  readonly stores: Stores;
  readonly accessLog: AccessLogBuffer;
  readonly audit: Auditor;
  readonly refusals: RefusalLog;
  readonly meter: Meter;
};

function buildS3(
  config: ServeConfig,
  { stores, accessLog, audit, refusals, meter }: Logged,
  { log, metrics }: Surroundings,
): Handler {
  const signers = createSignerDeps(stores.identity);
  return createS3Handler({
    ...stores.storage,
    ...signers,
    queryApi: createQueryApi({ ...signers, webIdentity: webIdentityDeps(config, stores) }),
    regions: config.regions.map((region) => ({ ...region, storageClasses: classNames(region) })),
    strictRegion: config.strictRegion,
    signatureVersion2: !config.refuseSignatureV2,
    bucketDefaults: config.bucketDefaults,
    lifecycleDayMs: config.lifecycleDayMs,
    behindProxy: config.tls.kind === 'behind-proxy' ? { trustedProxies: config.tls.trustedProxies } : null,
    webhookNames: config.eventTargets.map(({ name }) => name),
    hostId: randomBytes(36).toString('base64'),
    accessLog,
    audit,
    refusals,
    meter,
    log,
    onRequest: (record) => {
      metrics.s3Request(record.operation, record.status, record.durationMs / 1000);
      log.debug(record, 's3 request');
    },
  });
}

function webIdentityDeps({ oidcAllowHttp }: ServeConfig, { identity }: Stores): WebIdentityDeps {
  return { clock: identity.clock, fetch, allowHttp: oidcAllowHttp, keySets: new Map() };
}

function observed(app: Api, metrics: Metrics): Handler {
  return (request, response) => {
    const startedAtMs = performance.now();
    const area = request.url?.startsWith('/api/') ? 'api' : 'page';
    response.once('close', () => {
      metrics.consoleRequest(area, response.statusCode, (performance.now() - startedAtMs) / 1000);
    });
    app.routing(request, response);
  };
}

async function buildConsole(
  config: ServeConfig,
  { stores, audit, refusals, meter }: Omit<Logged, 'accessLog'>,
  surroundings: Surroundings,
): Promise<Api> {
  const { region: _ofTheProject, ...storage } = stores.storage;
  const app = await createConsoleApp({
    identity: stores.identity,
    storage,
    objects: {
      bucketDefaults: config.bucketDefaults,
      lifecycleDayMs: config.lifecycleDayMs,
      webhookNames: config.eventTargets.map(({ name }) => name),
    },
    regions: () => surroundings.regions,
    localCaPem: surroundings.localCaPem,
    consoleDir: config.consoleDir,
    sessionIdleMs: config.sessionIdleMs,
    mailEnabled: config.mail !== null,
    selfSignUp: config.selfSignUp,
    oidcAllowHttp: config.oidcAllowHttp,
    trustedProxies: config.tls.kind === 'behind-proxy' ? config.tls.trustedProxies : null,
    audit,
    refusals,
    meter,
    auditSearch: createAuditSearch(storage),
    listJobs: () => listJobs(storage.store),
    log: surroundings.log,
  });
  await app.ready();
  return app;
}
