// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-bypass
import type { OperationContext, Permission, S3Request } from './operation.ts';
import { findHeader } from './parameters.ts';

const ACTION = 's3:BypassGovernanceRetention';

export function wantsBypass(request: S3Request): boolean {
  return findHeader(request, 'x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
}

/** Who asks without the right to is treated like who does not ask: what no lock holds may be deleted all the same. */
export async function mayBypass(context: OperationContext, asked: boolean, on?: Permission['on']): Promise<boolean> {
  return asked && context.allows(on === undefined ? { action: ACTION } : { action: ACTION, on });
}

export const bypassPermission = (on?: Permission['on']): Permission =>
  on === undefined ? { action: ACTION } : { action: ACTION, on };
