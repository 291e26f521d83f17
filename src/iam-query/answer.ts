// From a call to its answer: which one it is, whether its sender may, what it does. Every error is answered by AWS's
// codes; what went wrong in the server stands in the log only.
import { type SignedPrincipal, decideQuery, explainQuery } from '../access/authorize-query.ts';
import { Denied } from '../access/denied.ts';
import type { QueryAnswer, QueryApi, QueryCall, QueryService, RefusedCall } from '../access/query-call.ts';
import { noteKeyUse } from '../identity/key-use.ts';
import type { CallScope, DeclaredCall, OpenScope } from './call.ts';
import { QueryError, toQueryError } from './errors.ts';
import { knownCalls } from './known-calls.ts';
import { parameterTree } from './parameters.ts';
import type { QueryServices } from './services.ts';
import { findCall } from './table.ts';
import { type XmlFields, answerXml, errorXml } from './xml.ts';

const UNROUTED = 'Unrouted';
const versions: Readonly<Record<string, QueryService>> = { '2010-05-08': 'iam', '2011-06-15': 'sts' };

export function createQueryApi(services: QueryServices): QueryApi {
  return { answer: (call) => answer(services, call), refuse: (refused) => refusal(refused, UNROUTED) };
}

async function answer(services: QueryServices, call: QueryCall): Promise<QueryAnswer> {
  const service = serviceOf(call);
  const { requestId } = call;
  let operation = UNROUTED;
  try {
    const declared = route(service, call.parameters.get('Action') ?? '');
    operation = declared.name;
    const result = await perform(services, declared, call);
    const body = answerXml(service, operation, result, requestId);
    return { status: 200, body, operation, errorCode: null, failure: null, refusal: null };
  } catch (error) {
    return refusal({ requestId, service, error }, operation);
  }
}

/** An unsigned call says by its version which API it means. */
function serviceOf({ service, parameters }: QueryCall): QueryService {
  return service ?? versions[parameters.get('Version') ?? ''] ?? 'sts';
}

function route(service: QueryService, name: string): DeclaredCall {
  if (name === '') throw new QueryError('MissingAction', 'The request has no parameter Action.');
  const declared = findCall(service, name);
  if (declared !== undefined) return declared;
  if (knownCalls[service].has(name)) {
    throw new QueryError('NotImplemented', `${name} is not implemented here. docs/iam-api.md lists what is.`);
  }
  throw new QueryError('InvalidAction', `Could not find operation ${name.slice(0, 100)} of the ${service} API.`);
}

async function perform(services: QueryServices, declared: DeclaredCall, call: QueryCall): Promise<XmlFields | null> {
  const { requestId, facts, principal } = call;
  const scope: OpenScope = { services, facts, requestId };
  const parameters = parameterTree(call.parameters);
  if (declared.kind === 'open') return declared.run(parameters, scope);
  if (principal.kind === 'anonymous') {
    throw new QueryError('MissingAuthenticationToken', 'Request is missing Authentication Token');
  }
  refuseSession(principal, declared);
  await noteUse(services, principal, declared, call);
  return performSigned(declared, parameters, { ...scope, caller: callerOf(principal) });
}

/** As in AWS: what GetSessionToken gave takes roles on and does the rest, but manages nobody. */
const forSessions: Readonly<Record<string, readonly string[]>> = {
  GetSessionToken: ['AssumeRole', 'GetCallerIdentity'],
  GetFederationToken: ['GetCallerIdentity'],
};

function refuseSession(principal: SignedPrincipal, { name }: DeclaredCall): void {
  const madeBy = principal.kind === 's3-key' ? principal.temporary?.session.madeBy : undefined;
  const allowed = madeBy === undefined ? undefined : forSessions[madeBy];
  if (allowed === undefined || allowed.includes(name)) return;
  const message = `Credentials of ${madeBy} cannot call ${name}: the security token included in the request is invalid for it.`;
  throw new QueryError('InvalidClientTokenId', message);
}

const callerOf = (principal: SignedPrincipal): CallScope['caller'] => ({
  principal,
  identity: principal.identity,
  accountId: principal.identity.accountId,
});

async function performSigned(
  declared: Extract<DeclaredCall, { kind: 'signed' }>,
  parameters: ReturnType<typeof parameterTree>,
  scope: CallScope,
): Promise<XmlFields | null> {
  const { asks, run } = declared.prepare(parameters, scope);
  const { principal } = scope.caller;
  for (const ask of await asks()) {
    const decision = decideQuery(principal, ask, scope.facts);
    if (decision.kind === 'allow') continue;
    const { action, resource } = ask;
    const question = { action, resource, context: new Map<string, string>() };
    const cause = new Denied(principal, question, null, decision);
    throw new QueryError('AccessDenied', explainQuery(principal, ask, decision), { cause });
  }
  return run();
}

async function noteUse(
  { store, keyUses }: QueryServices,
  principal: SignedPrincipal,
  { service, name }: DeclaredCall,
  { facts }: QueryCall,
): Promise<void> {
  if (principal.kind !== 's3-key') return;
  const { keyId, accessKey } = principal;
  const { receivedAt: at, clientAddress } = facts;
  await noteKeyUse(store, keyUses, { keyId, accessKey, at, action: `${service}:${name}`, clientAddress });
}

function refusal({ requestId, service, error }: RefusedCall, operation: string): QueryAnswer {
  const api = service ?? 'sts';
  const { code, status, message, cause } = toQueryError(error, api);
  const type = status >= 500 ? 'Receiver' : 'Sender';
  const failed = status >= 500 && code !== 'NotImplemented';
  return {
    status,
    body: errorXml({ service: api, type, code, message, requestId }),
    operation,
    errorCode: code,
    failure: failed ? (cause ?? error) : null,
    refusal: error,
  };
}
