// "Test connection": waiting for the next request of an S3 key.
import { z } from 'zod';

const time = z.iso.datetime();

export const keyWatch = z.object({
  /** requests from then on are told */
  since: time,
  /** and until then */
  until: time,
});
export type KeyWatchView = z.infer<typeof keyWatch>;

export const arrivalQuery = z.object({
  /** requests after that one: of the watch, or of the last request that was told */
  since: z.iso.datetime(),
  /** how long the answer may wait for a request to come */
  waitSeconds: z.coerce.number().int().min(0).max(20).default(0),
});

export const arrival = z.object({
  requestId: z.string(),
  time,
  /** `ListBuckets`; `Unrouted`: it asked for nothing that S3 knows */
  operation: z.string(),
  status: z.int(),
  /** of the error; null: it was done */
  code: z.string().nullable(),
  /** the client's address */
  address: z.string(),
  userAgent: z.string(),
  /** of a refusal: what refused it, with the values that belong to it, and what to do; see /refusals/{requestId} */
  cause: z.string().nullable(),
  facts: z.record(z.string(), z.string()),
  nextSteps: z.array(z.string()),
});
export type ArrivalView = z.infer<typeof arrival>;

/** null: none came in that time. */
export const arrivalAnswer = z.object({ arrival: arrival.nullable() });
export type ArrivalAnswer = z.infer<typeof arrivalAnswer>;
