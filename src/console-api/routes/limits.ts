// How much of what an account may have there is.
import { listGroups } from '../../identity/groups.ts';
import { listPolicies } from '../../identity/policies.ts';
import { MAX_VERSIONS } from '../../identity/policy-versions.ts';
import { listS3Keys } from '../../identity/s3-keys.ts';
import { listServiceAccounts } from '../../identity/service-accounts.ts';
import { listUsers } from '../../identity/users.ts';
import { refusals } from '../answers.ts';
import { callerOf } from '../caller.ts';
import type { Api, ConsoleDeps } from '../console-deps.ts';
import { limitsView } from '../contract/iam.ts';

export function limitRoutes(api: Api, { identity }: ConsoleDeps): void {
  api.get(
    '/limits',
    {
      config: { access: { action: 'vstorage:ListUsers' }, audit: 'GetLimits' },
      schema: {
        tags: ['Users'],
        summary: 'How many users, groups, service accounts, policies and S3 keys there are and may be',
        response: { 200: limitsView, ...refusals },
      },
    },
    async (request) => {
      const { accountId } = callerOf(request).identity;
      const { limits } = identity;
      const [users, groups, serviceAccounts, policies, keys] = await Promise.all([
        listUsers(identity, accountId),
        listGroups(identity, accountId),
        listServiceAccounts(identity, accountId),
        listPolicies(identity, accountId),
        listS3Keys(identity, { accountId }),
      ]);
      const custom = policies.filter(({ type }) => type === 'custom');
      const counted = keys.filter(({ rotation }) => rotation === null);
      return {
        users: { used: users.length, max: limits['users-per-account'] },
        groups: { used: groups.length, max: limits['groups-per-account'] },
        serviceAccounts: { used: serviceAccounts.length, max: limits['service-accounts-per-account'] },
        policies: { used: custom.length, max: limits['policies-per-account'] },
        s3Keys: { used: counted.length, max: limits['keys-per-account'] },
        groupsPerUser: { max: limits['groups-per-user'] },
        policiesPerIdentity: { max: limits['policies-per-identity'] },
        versionsPerPolicy: { max: MAX_VERSIONS },
      };
    },
  );
}
