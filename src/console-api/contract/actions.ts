// What policies can speak of.
import { z } from 'zod';

export const actionView = z.object({
  /** `s3:GetObject`, `vstorage:CreateUser` */
  name: z.string(),
  level: z.enum(['List', 'Read', 'Write', 'Tagging', 'Permissions']),
  /** what its resource is; `account` stands for `*` */
  resource: z.string(),
  about: z.string(),
});
export type ActionView = z.infer<typeof actionView>;
export const actionList = z.object({ items: z.array(actionView), nextCursor: z.null() });
