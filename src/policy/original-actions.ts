// The 76 actions of the original product (`vstorage-hcm03:…`), by what they allow to do, as actions of this one. Their
// spelling is the original's, its slips included.
import type { ActionResource } from './actions.ts';

/** What an original action's resource is: a statement about a container may be one about its objects here. */
export type OriginalLevel = 'any' | 'project' | 'container' | 'object';

export type OriginalAction = {
  readonly name: string;
  readonly level: OriginalLevel;
  /** empty: there is nothing of the kind here */
  readonly becomes: readonly string[];
  /** why it is not the same; null: it is */
  readonly note: string | null;
};

type Row = readonly [name: string, becomes: string, note?: string];

const rows = (level: OriginalLevel, list: readonly Row[]): readonly OriginalAction[] =>
  list.map(([name, becomes, note]) => ({
    name,
    level,
    becomes: becomes === '' ? [] : becomes.split(' '),
    note: note ?? null,
  }));

const READ_OBJECT = 's3:GetObject s3:GetObjectVersion s3:GetObjectAttributes s3:GetObjectVersionAttributes';
const WRITE_OBJECT = 's3:PutObject s3:AbortMultipartUpload s3:ListMultipartUploadParts';
const LIST_OBJECTS = 's3:ListBucket';
const USAGE = 'usage is seen with the project';
const OWN = 'everybody may here';
const NO_RANGES = 'address ranges are conditions on aws:SourceIp here';

export const originalActions: readonly OriginalAction[] = [
  ...rows('any', [
    ['ListRegions', '', OWN],
    ['ListProjects', 'vstorage:ListProjects'],
    ['GetDisabledProject', 'vstorage:ListProjects', 'the trash is listed with the projects'],
    ['GetUserInfo', '', OWN],
    ['GetRegionInfo', '', OWN],
    ['GetUserQuotaStatistics', 'vstorage:GetProject', USAGE],
    ['GetUserRequestStatistics', 'vstorage:GetProject', USAGE],
    ['GetUserTrafficStatistics', 'vstorage:GetProject', USAGE],
    ['GetUserUsageStatistics', 'vstorage:GetProject', USAGE],
    ['GetUserUsage', 'vstorage:GetProject', USAGE],
    ['CreateProject', 'vstorage:CreateProject'],
  ]),
  ...rows('project', [
    ['ListProjectMembers', 'vstorage:GetProject vstorage:ListUsers', 'members are the IAM users of the account'],
    ['ListProjectStatistics', 'vstorage:GetProject', USAGE],
    ['ListContainers', 's3:ListAllMyBuckets'],
    ['SearchContainers', 's3:ListAllMyBuckets'],
    ['GetProjectInfo', 'vstorage:GetProject'],
    ['GetCurrentProjectRequest', 'vstorage:GetProject', USAGE],
    ['GetProjectIPrangeACLs', '', NO_RANGES],
    ['GetProjectURLs', 'vstorage:GetProject'],
    ['GetProjectQuota', 'vstorage:GetProject'],
    ['GetProjectQuotaStatistics', 'vstorage:GetProject', USAGE],
    ['GetProjectRequestStatistics', 'vstorage:GetProject', USAGE],
    ['GetProjectTraffic', 'vstorage:GetProject', USAGE],
    ['GetProjectTrafficStatistics', 'vstorage:GetProject', USAGE],
    ['GetProjectTrafficSummary', 'vstorage:GetProject', USAGE],
    ['GetProjectUsage', 'vstorage:GetProject', USAGE],
    ['GetProjectUsageStatistics', 'vstorage:GetProject', USAGE],
    ['SearchProjectTraffic', 'vstorage:GetProject', USAGE],
    ['SearchProjectTrafficInTimeRange', 'vstorage:GetProject', USAGE],
    ['GetProjectsSummaryMethodDetails', 'vstorage:GetProject', USAGE],
    ['SearchProjectUsageInTimeRange', 'vstorage:GetProject', USAGE],
    ['DeleteProject', 'vstorage:DeleteProject'],
    ['ResizeProject', 'vstorage:ResizeProject'],
    ['UpdateProject', 'vstorage:ResizeProject', 'all that can be changed of a project is its quota'],
    ['StopProjectPoc', '', 'there are no trial projects here'],
    ['UpdateProjectIPrangeACLs', '', NO_RANGES],
  ]),
  ...rows('container', [
    ['ListObjects', LIST_OBJECTS],
    ['ListContainerACLs', 's3:GetBucketAcl s3:GetBucketPolicy s3:GetBucketOwnershipControls'],
    ['ListContainerLifecycleRules', 's3:GetLifecycleConfiguration'],
    ['ListDirectories', LIST_OBJECTS],
    ['SearchObjects', LIST_OBJECTS],
    ['GetContainerInfo', 's3:ListBucket s3:GetBucketLocation s3:GetBucketVersioning s3:GetBucketTagging'],
    ['GetContainerCORS', 's3:GetBucketCORS'],
    ['GetContainerPublicAccessInfo', 's3:GetBucketPublicAccessBlock s3:GetBucketPolicyStatus'],
    ['GetContainerURL', 's3:GetBucketLocation'],
    ['GetContainerIPrangeACLs', '', NO_RANGES],
    ['GetLifecyceRuleInfo', 's3:GetLifecycleConfiguration'],
    ['CreateContainer', 's3:CreateBucket'],
    ['DeleteContainer', 's3:DeleteBucket'],
    ['CreateDirectory', WRITE_OBJECT],
    ['CreateLifecycleRule', 's3:PutLifecycleConfiguration', 'all rules are set together'],
    ['UpdateLifecycleRule', 's3:PutLifecycleConfiguration', 'all rules are set together'],
    ['DeleteLifecycleRule', 's3:PutLifecycleConfiguration', 'all rules are set together'],
    ['CreateObject', WRITE_OBJECT],
    ['SetContainerCORS', 's3:PutBucketCORS'],
    ['DeleteContainerCORS', 's3:PutBucketCORS'],
    ['UpdateContainerACLs', 's3:PutBucketAcl'],
    ['UpdateContainerPublicAccess', 's3:PutBucketPublicAccessBlock'],
    ['UpdateContainerVersioning', 's3:PutBucketVersioning'],
    ['UpdateContainerIPrangeACLs', '', NO_RANGES],
    ['UpdateContainerStaticWeb', 's3:PutBucketWebsite s3:GetBucketWebsite'],
    ['DeleteContainerStaticWeb', 's3:DeleteBucketWebsite'],
  ]),
  ...rows('object', [
    ['ListObjectTags', 's3:GetObjectTagging s3:GetObjectVersionTagging'],
    ['ListObjectMetadata', READ_OBJECT, 'metadata is read with the object'],
    ['ListObjectVersions', 's3:ListBucketVersions'],
    ['GetObjectInfo', READ_OBJECT],
    ['GetObjectDownloadTempURL', READ_OBJECT],
    ['GetDirectoryDownloadTempURL', READ_OBJECT],
    ['DeleteDirectory', 's3:DeleteObject'],
    ['DeleteObject', 's3:DeleteObject'],
    ['DeleteObjectVerions', 's3:DeleteObjectVersion'],
    ['RestoreObjectVersion', `${WRITE_OBJECT} s3:GetObjectVersion`, 'a version is restored by copying it'],
    ['UpdateObjectMetadata', `${WRITE_OBJECT} s3:GetObject`, 'metadata is changed by copying the object onto itself'],
    ['UpdateObjectTags', 's3:PutObjectTagging s3:PutObjectVersionTagging s3:DeleteObjectTagging'],
    ['GenerateObjectUploadTempURL', WRITE_OBJECT],
    ['GenerateDirectoryUploadTempURL', WRITE_OBJECT],
  ]),
];

/** Another spelling that the original's own documentation has. */
const spellings: Readonly<Record<string, string>> = {
  uploadobject: 'CreateObject',
  deleteobjectversions: 'DeleteObjectVerions',
  getlifecycleruleinfo: 'GetLifecyceRuleInfo',
};

export const originalName = (name: string): string => spellings[name.toLowerCase()] ?? name;

/** The resources that an action of ours asks about, for those that an original action may become. */
export const asksAbout = (resource: ActionResource): OriginalLevel => {
  if (resource === 'bucket') return 'container';
  return resource === 'object' || resource === 'project' ? resource : 'any';
};
