// The condition keys that a bucket policy may name. One that no request here has a value for is taken all the same (its
// conditions then meet an absent key); one that nobody knows is a mistake, and in a Deny a dangerous one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys

const globalKeys =
  'CalledVia CalledViaFirst CalledViaLast CurrentTime Ec2InstanceSourcePrivateIPv4 Ec2InstanceSourceVpc EpochTime FederatedProvider MultiFactorAuthAge MultiFactorAuthPresent PrincipalAccount PrincipalArn PrincipalIsAWSService PrincipalOrgID PrincipalOrgPaths PrincipalServiceName PrincipalServiceNamesList PrincipalType Referer RequestedRegion ResourceAccount ResourceOrgID ResourceOrgPaths SecureTransport SourceAccount SourceArn SourceIdentity SourceIp SourceOrgID SourceOrgPaths SourceOwner SourceVpc SourceVpcArn SourceVpce TagKeys TokenIssueTime UserAgent userid username ViaAWSService VpceAccount VpceOrgID VpceOrgPaths VpcSourceIp';

const s3Keys =
  'AccessGrantsInstanceArn AccessPointNetworkOrigin authType DataAccessPointAccount DataAccessPointArn delimiter if-match if-none-match InventoryAccessibleOptionalFields isReplicationPauseRequest locationconstraint max-keys object-lock-legal-hold object-lock-mode object-lock-remaining-retention-days object-lock-retain-until-date ObjectCreationOperation prefix RequestObjectTagKeys ResourceAccount signatureAge signatureversion TlsVersion VersionId';

/** What follows the slash is the name of a tag. */
const tagKeys = [
  'aws:PrincipalTag',
  'aws:RequestTag',
  'aws:ResourceTag',
  's3:AccessPointTag',
  's3:BucketTag',
  's3:ExistingObjectTag',
  's3:RequestObjectTag',
];

const known = new Set(
  [...globalKeys.split(' ').map((name) => `aws:${name}`), ...s3Keys.split(' ').map((name) => `s3:${name}`)].map((key) =>
    key.toLowerCase(),
  ),
);

/** Why a key cannot be used, or null. */
export function conditionKeyFault(key: string): string | null {
  const lower = key.toLowerCase();
  if (known.has(lower) || /^s3:x-amz-[a-z0-9-]+$/.test(lower)) return null;
  if (tagKeys.some((tag) => lower.startsWith(`${tag.toLowerCase()}/`) && lower.length > tag.length + 1)) return null;
  return `${JSON.stringify(key)} is not a condition key that a bucket policy can have`;
}
