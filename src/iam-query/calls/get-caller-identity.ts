import { z } from 'zod';
import { arnOf, uniqueIdOf } from '../../access/principal.ts';
import { declareCall } from '../call.ts';

/** Everybody may know who they are, whatever a policy says. */
export const getCallerIdentity = declareCall({
  service: 'sts',
  name: 'GetCallerIdentity',
  input: z.strictObject({}),
  asks: () => [],
  run: async (_, { caller }) => ({
    UserId: uniqueIdOf(caller.identity),
    Account: caller.accountId,
    Arn: arnOf(caller.identity),
  }),
});
