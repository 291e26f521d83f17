// What its owner should look at: projects that are full or end soon, keys that are no good any more.
import type { ProjectView } from '../../../../src/console-api/contract.ts';
import type { AccountS3Key } from '../../api/account-keys.ts';

const SOON_MS = 14 * 86_400_000;

export type Concern =
  | { readonly kind: 'over' | 'full' | 'ending'; readonly project: ProjectView }
  | { readonly kind: 'key-expired' | 'key-ending' | 'key-unused' | 'key-old'; readonly key: AccountS3Key };

/** The gravest first. */
export function concernsOf(projects: readonly ProjectView[], keys: readonly AccountS3Key[], nowMs: number): Concern[] {
  const concerns = [
    ...projects.flatMap((project) => concernOfProject(project, nowMs)),
    ...keys.flatMap((key) => concernOfKey(key, nowMs)),
  ];
  return concerns.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const order: readonly Concern['kind'][] = [
  'over',
  'full',
  'ending',
  'key-ending',
  'key-expired',
  'key-unused',
  'key-old',
];

const isSoon = (time: string | null, nowMs: number): boolean => time !== null && Date.parse(time) - nowMs < SOON_MS;

function concernOfProject(project: ProjectView, nowMs: number): Concern[] {
  const { usage, quotaBytes, alertSince, endsAt } = project;
  const found: Concern[] = isSoon(endsAt, nowMs) ? [{ kind: 'ending', project }] : [];
  if (usage !== null && usage.bytes >= quotaBytes) found.push({ kind: 'over', project });
  else if (alertSince !== null) found.push({ kind: 'full', project });
  return found;
}

function concernOfKey(key: AccountS3Key, nowMs: number): Concern[] {
  if (key.status !== 'active' || key.rotatedTo !== null) return [];
  if (key.expired) return [{ kind: 'key-expired', key }];
  if (isSoon(key.expiresAt, nowMs)) return [{ kind: 'key-ending', key }];
  if (key.warnings.includes('unused')) return [{ kind: 'key-unused', key }];
  return key.warnings.includes('old') ? [{ kind: 'key-old', key }] : [];
}
