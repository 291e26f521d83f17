// What S3 refuses in CORS rules that are well-formed. https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
import type { CorsMethod, CorsRule } from '../metadata/tables/web.ts';
import { S3Error } from '../shared/errors.ts';

const MAX_RULES = 100;
const MAX_ID_LENGTH = 255;
const METHODS: readonly CorsMethod[] = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

const invalid = (message: string): S3Error => new S3Error('InvalidRequest', { message });

/** Errors: InvalidRequest. */
export function checkCors(rules: readonly CorsRule[]): void {
  if (rules.length > MAX_RULES) {
    throw invalid(`The number of CORS rules should not exceed allowed limit of ${MAX_RULES} rules.`);
  }
  for (const { id, origins, headers, exposeHeaders } of rules) {
    for (const origin of origins) refuseWildcards('AllowedOrigin', origin);
    for (const header of headers) refuseWildcards('AllowedHeader', header);
    for (const header of exposeHeaders) checkExposed(header);
    if (id !== null && id.length > MAX_ID_LENGTH) throw invalid(`ID has more than ${MAX_ID_LENGTH} characters.`);
  }
}

export function parseCorsMethod(text: string): CorsMethod {
  const method = METHODS.find((known) => known === text);
  if (method !== undefined) return method;
  throw invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${text}`);
}

/** Header values are one line of visible characters, and what stands here is sent in one. */
function checkText(name: string, text: string): void {
  if (!/^[\x21-\x7e]+$/.test(text)) throw invalid(`${name} "${text}" contains invalid character.`);
}

function refuseWildcards(name: string, text: string): void {
  checkText(name, text);
  if (text.indexOf('*') !== text.lastIndexOf('*'))
    throw invalid(`${name} "${text}" can not have more than one wildcard.`);
}

function checkExposed(header: string): void {
  checkText('ExposeHeader', header);
  if (!header.includes('*')) return;
  throw invalid(`ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`);
}
