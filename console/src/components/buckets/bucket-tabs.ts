// The parts of a bucket's page: each is a route below /projects/$projectId/buckets/$bucket, and a text `bucket.tab.…`.
import { IconFolder, IconSettings } from '@tabler/icons-react';

export const bucketTabs = [
  { value: 'objects', Icon: IconFolder },
  { value: 'settings', Icon: IconSettings },
] as const;
export type BucketTab = (typeof bucketTabs)[number]['value'];
