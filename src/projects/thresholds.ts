// When a project counts as full enough to do something about it.
import type { AutoScale, QuotaThreshold, UsageAlert } from '../metadata/tables/project-events.ts';
import { ProblemError } from '../shared/errors.ts';

export const DEFAULT_ALERT: UsageAlert = {
  enabled: true,
  threshold: { unit: 'percent', usedPercent: 90 },
  mail: true,
};

export function isReached(threshold: QuotaThreshold, usedBytes: number, quotaBytes: number): boolean {
  if (threshold.unit === 'bytes') return quotaBytes - usedBytes <= threshold.freeBytes;
  return usedBytes * 100 >= quotaBytes * threshold.usedPercent;
}

export function checkThreshold(threshold: QuotaThreshold): void {
  if (threshold.unit === 'percent') {
    if (Number.isInteger(threshold.usedPercent) && threshold.usedPercent >= 1 && threshold.usedPercent <= 100) return;
    throw invalid('threshold', 'A threshold is a whole number of percent from 1 to 100.');
  }
  if (Number.isSafeInteger(threshold.freeBytes) && threshold.freeBytes >= 0) return;
  throw invalid('threshold', 'A threshold is a whole number of bytes that are left.');
}

const GIB = 2 ** 30;

export function checkAutoScale({ threshold, stepBytes, maxBytes, description }: AutoScale, mostBytes: number): void {
  checkThreshold(threshold);
  if (!Number.isSafeInteger(stepBytes) || stepBytes < GIB || stepBytes > mostBytes) {
    throw invalid('stepBytes', 'The quota grows by 1 GiB at least.');
  }
  if (!Number.isSafeInteger(maxBytes) || maxBytes < GIB || maxBytes > mostBytes) {
    throw invalid('maxBytes', 'The quota may grow to 1 GiB at least, to 2 PiB at most.');
  }
  if (description.length > 200) throw invalid('description', 'A description has 200 characters at most.');
}

const invalid = (field: string, message: string): ProblemError =>
  new ProblemError(400, 'invalid-threshold', message, { field });
