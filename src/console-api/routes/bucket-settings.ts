// The configurations of a bucket: GET and PUT of each, made from its declaration.
import { askOf } from '../../access/s3-actor.ts';
import { refusals } from '../answers.ts';
import { acl, ownership, publicAccessBlock } from '../bucket-settings/access.ts';
import { lifecycle } from '../bucket-settings/lifecycle.ts';
import { encryption, objectLock, versioning } from '../bucket-settings/protection.ts';
import { logging, notification, tagging } from '../bucket-settings/records.ts';
import type { AnySetting } from '../bucket-settings/setting.ts';
import { cors, website } from '../bucket-settings/web.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { bucketParams } from '../contract/buckets.ts';
import { bucketScope } from '../objects/bucket-scope.ts';

const tags = ['Bucket settings'];
const access = 'signed-in';
/** 1,000 lifecycle rules */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

const settings: readonly AnySetting[] = [
  versioning,
  objectLock,
  encryption,
  ownership,
  publicAccessBlock,
  acl,
  cors,
  website,
  lifecycle,
  notification,
  logging,
  tagging,
];

function addSetting(api: Api, deps: ConsoleDeps, setting: AnySetting): void {
  const { path, name, summary, document } = setting;
  const url = `/projects/:projectId/buckets/:bucket/${path}`;
  const response = { 200: document, ...refusals };
  api.get(
    url,
    {
      config: { access, audit: `Get${name}` },
      schema: { tags, summary, params: bucketParams, response },
    },
    async (request) => {
      const scope = await bucketScope(deps, request, { operation: `Get${name}` });
      await scope.actor.demand(askOf(setting.reads, scope.bucket));
      return await setting.read({ ...scope, deps, requestId: request.id });
    },
  );
  api.put(
    url,
    {
      bodyLimit: MAX_BODY_BYTES,
      config: { access, audit: `Put${name}` },
      schema: { tags, summary: `Set: ${summary}`, params: bucketParams, body: document, response },
    },
    async (request) => {
      const scope = { ...(await bucketScope(deps, request, { operation: `Put${name}` })), deps, requestId: request.id };
      const ask = askOf(setting.writes, scope.bucket);
      await scope.actor.demand(ask);
      await setting.write(scope, request.body, { bucket: scope.bucket, guard: scope.actor.guard(ask) });
      // as it is now: ids were given, and defaults filled in
      const fresh = await bucketScope(deps, request, { operation: `Get${name}` });
      return await setting.read({ ...fresh, deps, requestId: request.id });
    },
  );
}

export function bucketSettingRoutes(api: Api, deps: ConsoleDeps): void {
  for (const setting of settings) addSetting(api, deps, setting);
}
