// The subjects of a bucket's settings: each a place of its own (`settings?section=…`) and texts `bucket-settings.…`.
import {
  IconBell,
  IconBrowser,
  IconEyeCheck,
  IconFileText,
  IconGavel,
  IconHistory,
  IconHourglassHigh,
  IconKey,
  IconLock,
  IconShieldLock,
  IconTag,
  IconUserShield,
  IconUsersGroup,
  IconWorldShare,
  IconZoomCheck,
} from '@tabler/icons-react';
import type { Section } from './section-names.ts';

export const sections = [
  { value: 'versioning', group: 'protection', Icon: IconHistory },
  { value: 'object-lock', group: 'protection', Icon: IconLock },
  { value: 'encryption', group: 'protection', Icon: IconShieldLock },
  { value: 'reach', group: 'access', Icon: IconZoomCheck },
  { value: 'policy', group: 'access', Icon: IconGavel },
  { value: 'public-access-block', group: 'access', Icon: IconUserShield },
  { value: 'ownership', group: 'access', Icon: IconKey },
  { value: 'acl', group: 'access', Icon: IconUsersGroup },
  { value: 'cors', group: 'access', Icon: IconWorldShare },
  { value: 'lifecycle', group: 'life', Icon: IconHourglassHigh },
  { value: 'notification', group: 'life', Icon: IconBell },
  { value: 'website', group: 'life', Icon: IconBrowser },
  { value: 'logging', group: 'records', Icon: IconFileText },
  { value: 'audit', group: 'records', Icon: IconEyeCheck },
  { value: 'tagging', group: 'records', Icon: IconTag },
] as const satisfies readonly { value: Section; group: string; Icon: unknown }[];
export const groups = ['protection', 'access', 'life', 'records'] as const;
