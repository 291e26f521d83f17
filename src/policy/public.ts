// Does a policy give anything to everybody? What S3's public access block acts on.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
import { parseIpRange } from './ip-range.ts';
import type { Condition, Policy, Statement } from './policy.ts';

/** Keys whose fixed values keep strangers out. */
const narrowing = new Set([
  'aws:sourceip',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:userid',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
]);

const equalities = /^(foranyvalue:)?(stringequals|stringequalsignorecase|stringlike|arnequals|arnlike)$/;

/** Address ranges wider than these are not "somewhere": 8 bits of IPv4, 32 of IPv6. */
function isNarrowRange(value: string): boolean {
  const range = parseIpRange(value);
  return range !== null && range.bits >= (range.words.length === 1 ? 8 : 32);
}

const isFixed = (value: string): boolean => !/[*?]|\$\{/.test(value);

function narrows({ operator, key, values }: Condition): boolean {
  const name = key.toLowerCase();
  if (!narrowing.has(name) || values.length === 0) return false;
  if (name === 'aws:sourceip' || name === 'aws:vpcsourceip') {
    return operator.toLowerCase() === 'ipaddress' && values.every(isNarrowRange);
  }
  if (!equalities.test(operator.toLowerCase())) return false;
  // the random part of an id, and the path of an ARN that names its account, may vary
  if (name === 'aws:userid') return values.every((value) => /^[A-Za-z0-9-]+(:\*)?$/.test(value));
  if (name.endsWith('arn'))
    return values.every((value) => isFixed(value.split(':')[4] ?? '*') && value.split(':')[4] !== '');
  return values.every(isFixed);
}

/** Allows nothing to strangers: it names whom it is about, or is narrowed to fixed places or people. */
function isPublicStatement({ effect, principals, conditions }: Statement): boolean {
  if (effect === 'Deny') return false;
  const named = principals !== undefined && !principals.some(({ kind }) => kind === 'any');
  return !named && !conditions.some(narrows);
}

export const isPublicPolicy = (policy: Policy): boolean => policy.statements.some(isPublicStatement);
