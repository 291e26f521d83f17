// Apart from their icons, for the router, which every page loads.
const names = [
  'versioning',
  'object-lock',
  'encryption',
  'reach',
  'policy',
  'public-access-block',
  'ownership',
  'acl',
  'cors',
  'lifecycle',
  'notification',
  'website',
  'logging',
  'audit',
  'tagging',
] as const;
export type Section = (typeof names)[number];

export const parseSection = (search: Record<string, unknown>): { section: Section } => ({
  section: names.find((name) => name === search['section']) ?? 'versioning',
});
