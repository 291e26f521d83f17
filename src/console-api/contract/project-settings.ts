// What is watched of a project, how it grows, how long it lasts, what happened to it.
import { z } from 'zod';
import { page, time } from '../contract.ts';

export const quotaThreshold = z.discriminatedUnion('unit', [
  /** so many percent are used */
  z.strictObject({ unit: z.literal('percent'), usedPercent: z.int() }),
  /** no more than so many bytes are left */
  z.strictObject({ unit: z.literal('bytes'), freeBytes: z.int() }),
]);
export type QuotaThresholdView = z.infer<typeof quotaThreshold>;

export const usageAlertView = z.strictObject({ enabled: z.boolean(), threshold: quotaThreshold, mail: z.boolean() });
export type UsageAlertView = z.infer<typeof usageAlertView>;

export const autoScaleView = z.strictObject({
  enabled: z.boolean(),
  threshold: quotaThreshold,
  /** what the quota grows by, each time */
  stepBytes: z.int(),
  /** it never grows beyond */
  maxBytes: z.int(),
  description: z.string().max(1000),
  mail: z.boolean(),
});
export type AutoScaleView = z.infer<typeof autoScaleView>;

export const projectSettings = z.object({
  alert: usageAlertView,
  /** null: never set */
  autoScale: autoScaleView.nullable(),
  /** whether this server can send mail at all */
  mailEnabled: z.boolean(),
  /** where mail goes: the root account's address */
  mailTo: z.string(),
});
export type ProjectSettings = z.infer<typeof projectSettings>;

/** 1, 3, 6, 12, 24 or 36; null: no end */
export const renewProjectRequest = z.strictObject({ periodMonths: z.int().nullable() });

export const projectEvent = z.object({
  id: z.string(),
  at: time,
  kind: z.enum([
    'created',
    'resized',
    'auto-scaled',
    'auto-scale-failed',
    'auto-scale-set',
    'alert-set',
    'alert-raised',
    'alert-ended',
    'renewed',
    'expired',
    'trashed',
    'restored',
  ]),
  by: z.object({ type: z.enum(['root', 'user', 'service-account', 'role', 'operator', 'job']), name: z.string() }),
  quota: z.object({ from: z.int().nullable(), to: z.int().nullable() }).nullable(),
  period: z.object({ from: time.nullable(), to: time.nullable() }).nullable(),
  usedBytes: z.int().nullable(),
});
export type ProjectEventView = z.infer<typeof projectEvent>;
export const projectEventList = page(projectEvent);
export type ProjectEventList = z.infer<typeof projectEventList>;
