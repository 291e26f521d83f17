import type { Principal } from '../access/principal.ts';
import type { VerifiedBody } from './body/verified-body.ts';
import type { S3Request } from './operation.ts';

/** A request whose sender is known. */
export type Call = {
  readonly request: S3Request;
  readonly principal: Principal;
  /** once it is allowed */
  readonly openBody: () => VerifiedBody | Promise<VerifiedBody>;
};
