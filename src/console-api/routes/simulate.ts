// The policy simulator: administrators ask what a real request would be answered.
import { describeDecision } from '../../access/describe-decision.ts';
import { type SimulatedAsker, simulate } from '../../access/simulate.ts';
import { noSuchHolder } from '../../identity/policy-holders.ts';
import { findRole } from '../../identity/roles.ts';
import { findServiceAccount } from '../../identity/service-accounts.ts';
import { findUser } from '../../identity/users.ts';
import { ProblemError } from '../../shared/errors.ts';
import type { AccountId, S3KeyId } from '../../shared/ids.ts';
import { refusals } from '../answers.ts';
import { callerOf, demand } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { type SimulateRequest, simulateRequest, simulateResult } from '../contract.ts';

type Who = SimulateRequest['principal'];

async function askerOf(deps: ConsoleDeps, accountId: AccountId, who: Who): Promise<SimulatedAsker> {
  if (who.type === 'root') return { type: 'root' };
  if (who.type === 's3-key') return { type: 's3-key', keyId: who.id as S3KeyId };
  if (who.type === 'user') {
    const user = await findUser(deps.identity, accountId, who.user);
    if (user !== undefined) return { type: 'user', userId: user.userId };
    throw new ProblemError(404, 'no-such-user', 'The account has no such IAM user.', { field: 'principal.user' });
  }
  if (who.type === 'role') {
    const role = await findRole(deps.identity, accountId, who.role);
    if (role !== undefined) return { type: 'role', roleId: role.roleId, sessionName: 'simulated' };
    throw noSuchHolder('role');
  }
  const found = await findServiceAccount(deps.identity, accountId, who.serviceAccount);
  if (found !== undefined) return { type: 'service-account', serviceAccountId: found.serviceAccountId };
  throw noSuchHolder('service-account');
}

export function simulateRoutes(api: Api, deps: ConsoleDeps): void {
  api.post(
    '/policies/simulate',
    {
      config: { access: 'signed-in', audit: { operation: 'SimulatePolicy', access: 'read' } },
      schema: {
        tags: ['Policies'],
        summary:
          'May this identity or key do this under these conditions, and which statement decides; changes nothing',
        body: simulateRequest,
        response: { 200: simulateResult, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { accountId } = caller.identity;
      // the answer quotes any policy of the account
      demand(caller, 'vstorage:GetPolicy', '*');
      const { principal, questions } = request.body;
      const asker = await askerOf(deps, accountId, principal);
      const results = [];
      for (const { action, resource, conditions } of questions) {
        const question = { action, resource, conditions };
        const simulated = await simulate(deps.identity, accountId, asker, question);
        results.push({ action, resource, ...describeDecision(simulated, question, accountId) });
      }
      return { results };
    },
  );
}
