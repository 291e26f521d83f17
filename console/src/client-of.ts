// Which program a User-Agent speaks of, as people call it.
const known: readonly (readonly [RegExp, string])[] = [
  [/\bs3cmd\/([\d.]+)|^s3cmd\b/i, 's3cmd'],
  [/\brclone\/v?([\d.]+)/i, 'Rclone'],
  [/\bS3 Browser[ /]([\d.-]+)?/i, 'S3 Browser'],
  [/\bCyberduck\/([\d.]+)/i, 'Cyberduck'],
  [/\bMountain ?Duck\/([\d.]+)/i, 'Mountain Duck'],
  [/\bmc\/([\w.:-]+)/, 'MinIO Client'],
  [/\brestic\/?([\d.]+)?/i, 'restic'],
  [/\baws-cli\/([\d.]+)/, 'AWS CLI'],
  [/\bBoto3\/([\d.]+)/i, 'Boto3'],
  [/\bMinIO \(.*?\) minio-(\w+)/, 'MinIO SDK'],
  [/\baws-sdk-js\/([\d.]+)/, 'AWS SDK for JavaScript'],
  [/\baws-sdk-java\/([\d.]+)/, 'AWS SDK for Java'],
  [/\baws-sdk-go(?:-v2)?\/([\d.]+)/, 'AWS SDK for Go'],
  [/\bBotocore\/([\d.]+)/i, 'Botocore'],
  [/\bcurl\/([\d.]+)/, 'curl'],
];

/** The name with its version; an unknown program by its own first words. */
export function clientOf(userAgent: string): string {
  for (const [pattern, name] of known) {
    const found = pattern.exec(userAgent);
    if (found !== null) return found[1] === undefined ? name : `${name} ${found[1]}`;
  }
  return userAgent === '' ? '?' : userAgent.slice(0, 60);
}
