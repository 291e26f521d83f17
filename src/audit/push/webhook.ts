// Records as HTTPS requests: {"records": […]}, signed as events are (events/webhook.ts).
import { createHash } from 'node:crypto';
import { openPost, sign, type WebhookOptions } from '../../events/webhook.ts';
import type { Clock } from '../../shared/clock.ts';
import type { PushTarget } from './push-target.ts';

const BATCH = 200;

export function webhookPush(deps: { readonly clock: Clock }, name: string, options: WebhookOptions): PushTarget {
  const post = openPost(options);
  return {
    name,
    batchSize: BATCH,
    deliver: async (lines) => {
      const body = `{"records":[${lines.join(',')}]}`;
      await post(body, {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'vStorage',
        // the same for a batch that comes again
        'x-vstorage-batch-id': createHash('sha256').update(body).digest('hex').slice(0, 32),
        'x-vstorage-signature': sign(options.secret, deps.clock(), body),
      });
    },
  };
}
