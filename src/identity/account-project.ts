// Which project temporary credentials and keys of the IAM API belong to, when nobody said: AWS has no projects.
import type { Snapshot } from '../metadata/metadata-store.ts';
import {
  type IdentityTag,
  type ProjectRecord,
  projectByAccountRange,
  projectKey,
} from '../metadata/tables/identities.ts';
import { KeyReader } from '../metadata/keys.ts';
import { decodeRecord } from '../metadata/tables/record.ts';
import { ProblemError } from '../shared/errors.ts';
import type { AccountId, ProjectId } from '../shared/ids.ts';

/** On a user or role: id or name of the project its keys and sessions belong to. */
export const PROJECT_TAG = 'vstorage:project';
const DEFAULT_NAME = 'default';
const MOST_PROJECTS = 10_000;

export type ProjectWish = {
  readonly accountId: AccountId;
  /** of the user or role */
  readonly tags: readonly IdentityTag[];
  /** that of the key which asks, when it is of the same account */
  readonly askers: ProjectId | null;
};

/** What the tag names, else the asker's, else the account's only one or the one called "default". */
export async function projectFor(snapshot: Snapshot, { accountId, tags, askers }: ProjectWish): Promise<ProjectId> {
  const tag = tags.find(({ key }) => key.toLowerCase() === PROJECT_TAG)?.value;
  if (tag === undefined && askers !== null) return askers;
  const projects = (await readProjects(snapshot, accountId)).filter(({ trashedAt }) => trashedAt === null);
  const found =
    tag === undefined
      ? ((projects.length === 1 ? projects[0] : undefined) ?? projects.find(({ name }) => isNamed(name, DEFAULT_NAME)))
      : projects.find(({ projectId, name }) => projectId === tag || isNamed(name, tag));
  if (found !== undefined) return found.projectId;
  const message =
    tag === undefined
      ? `The account has several projects. Tag the user or role with ${PROJECT_TAG}, the id or name of the one that is meant.`
      : `There is no project ${JSON.stringify(tag)}, which the tag ${PROJECT_TAG} names.`;
  throw new ProblemError(409, 'no-such-project', message);
}

const isNamed = (name: string, wanted: string): boolean => name.toLowerCase() === wanted.toLowerCase();

async function readProjects(snapshot: Snapshot, accountId: AccountId): Promise<ProjectRecord[]> {
  const entries = await snapshot.range({ ...projectByAccountRange(accountId), limit: MOST_PROJECTS });
  const ids = entries.map(({ key }) => idIn(key));
  const values = ids.length === 0 ? [] : await snapshot.getMany(ids.map(projectKey));
  return values.flatMap((value) => (value === undefined ? [] : [decodeRecord<ProjectRecord>(value)]));
}

function idIn(key: Uint8Array): ProjectId {
  const reader = new KeyReader(key);
  reader.text();
  return reader.text() as ProjectId;
}
