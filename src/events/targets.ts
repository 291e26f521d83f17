// From the name in a bucket's configuration to what delivers.
import type { StorageDeps } from '../storage/storage-deps.ts';
import { parseEventArn } from './arn.ts';
import type { EventTarget } from './event-target.ts';
import { reportTarget } from './report.ts';
import { webhookTarget, type WebhookOptions } from './webhook.ts';

/** `webhooks`: by name. Reports need nothing set up. */
export function createTargets(
  deps: StorageDeps,
  webhooks: ReadonlyMap<string, WebhookOptions>,
): (arn: string) => EventTarget | null {
  const targets = new Map([...webhooks].map(([name, options]) => [name, webhookTarget(deps, options)]));
  return (arn) => {
    const destination = parseEventArn(arn);
    if (destination === null) return null;
    return destination.kind === 'report' ? reportTarget(deps, destination) : (targets.get(destination.name) ?? null);
  };
}
