// What the audit trail calls a command. It follows from the command's own words (`s3-key create` is CreateS3Key), so a new
// command is recorded without anybody thinking of it; where the API has another name for the same thing, that one counts.
import type { Command } from 'commander';
import type { AuditCategory } from '../../audit/entry.ts';

export type CommandKind = {
  readonly operation: string;
  readonly category: AuditCategory;
  readonly access: 'read' | 'write';
};

const NAMES: Readonly<Record<string, string>> = {
  'account list': 'ListAccounts',
  'account reset-password': 'ResetAccountPassword',
  'account remove-second-factors': 'RemoveSecondFactors',
  'audit data-access': 'UpdateBucketAudit',
  'audit export': 'ExportAuditRecords',
  'audit list': 'ListAuditRecords',
  'audit verify': 'VerifyAuditTrail',
  backup: 'WriteBackup',
  'encryption-key list': 'ListEncryptionKeys',
  'encryption-key rotate': 'RotateEncryptionKeys',
  'event forget': 'ForgetEvents',
  'event list': 'ListEvents',
  'event retry': 'RetryEvents',
  explain: 'ExplainRefusal',
  'gateway list': 'ListGateways',
  gc: 'CollectGarbage',
  'master-key add': 'AddMasterKeyVersion',
  migrate: 'MoveStore',
  'policy list': 'ListPolicies',
  'policy show': 'GetPolicy',
  'project list': 'ListProjects',
  'project resize': 'ResizeProject',
  restore: 'RestoreBackup',
  's3-key list': 'ListS3Keys',
  's3-key report': 'GetCredentialReport',
  scrub: 'ScrubStorage',
  usage: 'GetUsage',
  'user create': 'CreateUsers',
  'user list': 'ListUsers',
  'user set-password': 'SetUserPassword',
};

const READS: ReadonlySet<string> = new Set(['list', 'show', 'report', 'simulate', 'verify', 'export']);
const READ_COMMANDS: ReadonlySet<string> = new Set(['usage', 'scrub', 'explain', 'backup']);

/** Commands that open no store, and so leave nothing in one: what they do, they do to this machine or to a folder. */
export const UNRECORDED: ReadonlySet<string> = new Set(['backup list', 'backup verify', 'doctor', 'serve', 'trust']);

/** `s3-key create` */
export function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

export function commandKindOf(path: string): CommandKind {
  const words = path.split(' ');
  const [noun = '', ...verbs] = words;
  const derived = [...verbs, noun].map(pascal).join('');
  const isRead = READS.has(words.at(-1) ?? '') || READ_COMMANDS.has(path);
  return {
    operation: NAMES[path] ?? derived,
    category: 'management',
    access: isRead ? 'read' : 'write',
  };
}

const pascal = (word: string): string =>
  word.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
