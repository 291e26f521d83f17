// From a request to the one operation it names. The table decides, most specific first. A sub-resource that the
// operation does not know never falls through to the plain operation: `DELETE /key?unknown` must not delete the key.
import { S3Error } from '../shared/errors.ts';
import type { DeclaredOperation, Method, S3Request, Target } from './operation.ts';
import { findHeader, invalidArgument } from './parameters.ts';

/** Parameters that name no sub-resource even when they come without a value. */
const PLAIN_PARAMETERS = new Set(
  `AWSAccessKeyId Expires Signature bucket-region continuation-token delimiter encoding-type fetch-owner id
  key-marker marker max-buckets max-keys max-parts max-uploads part-number-marker prefix start-after
  upload-id-marker version-id-marker versionId x-id`.split(/\s+/),
);
const PLAIN_PREFIX = /^(?:x-|response-)/i;
const LOOKS_LIKE_A_SUB_RESOURCE = /^[A-Za-z][A-Za-z-]{2,}$/;

const HEADER = 'header:';

/** Sub-resources that AWS refuses in words of its own, at an object. */
function refuseByName(request: S3Request, name: string): void {
  if (request.key === null) return;
  if (name === 'partNumber' && request.method === 'PUT') {
    throw invalidArgument('ResourceType', 'partNumber', 'This operation does not accept partNumber without uploadId');
  }
  if (name === 'uploads' && request.method === 'GET') {
    throw new S3Error('InvalidRequest', { message: 'Key is not expected for the GET method ?uploads subresource' });
  }
  if (name === 'versions') {
    throw new S3Error('InvalidRequest', { message: 'There is no such thing as the ?versions sub-resource for a key' });
  }
}

export type Router = (request: S3Request) => DeclaredOperation;

function targetOf(request: S3Request): Target {
  if (request.bucket === null) return 'service';
  return request.key === null ? 'bucket' : 'object';
}

type Test = (request: S3Request) => boolean;

function isPresent(selector: string): Test {
  if (selector.startsWith(HEADER)) return (request) => findHeader(request, selector.slice(HEADER.length)) !== undefined;
  const [name = '', value] = selector.split('=');
  return value === undefined ? ({ query }) => query.has(name) : ({ query }) => query.get(name) === value;
}

/** The query parameter of a selector. */
const nameOf = (selector: string): string => selector.replace(/=.*/, '');

/** Every query parameter that names a sub-resource of some operation: the first of its `match`. */
function collectSelectors(operations: readonly DeclaredOperation[]): ReadonlySet<string> {
  const selectors = new Set<string>();
  for (const { match, accepts } of operations) {
    const [first] = match;
    if (first !== undefined && !first.startsWith(HEADER)) selectors.add(nameOf(first));
    for (const name of accepts ?? []) selectors.add(name);
  }
  return selectors;
}

/** An operation with what it takes apart beforehand: every request is held against several. */
type Candidate = {
  readonly operation: DeclaredOperation;
  readonly tests: readonly Test[];
  /** parameters it knows */
  readonly knows: ReadonlySet<string>;
};

function toCandidate(operation: DeclaredOperation): Candidate {
  const { match, accepts = [] } = operation;
  return { operation, tests: match.map(isPresent), knows: new Set([...match.map(nameOf), ...accepts]) };
}

const fits = ({ tests }: Candidate, request: S3Request): boolean => tests.every((test) => test(request));

function looksLikeASubResource(name: string, value: string): boolean {
  if (value !== '' || !LOOKS_LIKE_A_SUB_RESOURCE.test(name)) return false;
  return !PLAIN_PARAMETERS.has(name) && !PLAIN_PREFIX.test(name);
}

function notAllowed(method: Method, allowed: readonly Method[]): S3Error {
  return new S3Error('MethodNotAllowed', { fields: { Method: method }, headers: { allow: allowed.join(', ') } });
}

export function createRouter(operations: readonly DeclaredOperation[]): Router {
  const selectors = collectSelectors(operations);
  const bySpecificity = operations.toSorted((a, b) => b.match.length - a.match.length).map(toCandidate);
  const groups = Map.groupBy(bySpecificity, ({ operation: { target, method } }) => `${method} ${target}`);

  function refuseUnknownSubResources(request: S3Request, { knows }: Candidate): void {
    for (const [name, value] of request.query) {
      if (!selectors.has(name) && !looksLikeASubResource(name, value)) continue;
      if (knows.has(name)) continue;
      refuseByName(request, name);
      throw new S3Error('NotImplemented', {
        message: `The query parameter ${name} names a function that is not implemented for this request.`,
      });
    }
  }

  function refuseMethod(request: S3Request, target: Target): never {
    const others = operations.filter((other) => other.target === target && fits(toCandidate(other), request));
    throw notAllowed(request.method, [...new Set(others.map((other) => other.method))]);
  }

  return (request) => {
    const target = targetOf(request);
    const candidates = groups.get(`${request.method} ${target}`) ?? [];
    const found = candidates.find((candidate) => fits(candidate, request));
    if (found === undefined) return refuseMethod(request, target);
    refuseUnknownSubResources(request, found);
    return found.operation;
  };
}
