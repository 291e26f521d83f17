// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, as far as a reader can mend it at once;
// the server knows the rest.
export type BucketNameProblem = 'short' | 'letters' | 'ends' | 'dots' | 'address';

export function bucketNameProblem(name: string): BucketNameProblem | null {
  if (!/^[a-z0-9.-]*$/.test(name)) return 'letters';
  if (name.length < 3) return 'short';
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return 'ends';
  if (/\.\.|\.-|-\./.test(name)) return 'dots';
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) ? 'address' : null;
}
