import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { registerAccount } from './account.ts';
import { registerGroup } from './group.ts';
import { registerPolicy } from './policy.ts';
import { registerProject } from './project.ts';
import { registerS3Key } from './s3-key.ts';
import { registerServiceAccount } from './service-account.ts';
import { registerUser } from './user.ts';

export function registerIdentity(program: Command, context: CliContext): void {
  for (const register of [
    registerAccount,
    registerProject,
    registerUser,
    registerGroup,
    registerServiceAccount,
    registerPolicy,
    registerS3Key,
  ]) {
    register(program, context);
  }
}
