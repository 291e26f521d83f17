// Resources as a form shows them. A pattern that no field holds is shown as the text it is.

export type VisualResource =
  | { readonly kind: 'bucket'; readonly name: string }
  /** all whose names begin so */
  | { readonly kind: 'buckets'; readonly prefix: string }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string }
  /** all whose keys begin so; empty: all */
  | { readonly kind: 'objects'; readonly bucket: string; readonly prefix: string }
  /** what management is about: `type` is `project`, `user` … */
  | { readonly kind: 'managed'; readonly accountId: string; readonly type: string; readonly id: string }
  | { readonly kind: 'other'; readonly text: string };

const PLAIN = '[^*?$/]';
const patterns: readonly (readonly [RegExp, (parts: readonly string[]) => VisualResource])[] = [
  [new RegExp(`^arn:aws:s3:::(${PLAIN}+)$`), ([name = '']) => ({ kind: 'bucket', name })],
  [new RegExp(`^arn:aws:s3:::(${PLAIN}*)\\*$`), ([prefix = '']) => ({ kind: 'buckets', prefix })],
  [/^arn:aws:s3:::([^*?$/]+)\/([^*?$]*)$/s, ([bucket = '', key = '']) => ({ kind: 'object', bucket, key })],
  [/^arn:aws:s3:::([^*?$/]+)\/([^*?$]*)\*$/s, ([bucket = '', prefix = '']) => ({ kind: 'objects', bucket, prefix })],
  [
    /^vstorage::(\d{12}):([a-z0-9-]+)\/([^*?$]+)$/,
    ([accountId = '', type = '', id = '']) => ({ kind: 'managed', accountId, type, id }),
  ],
];

export function readResource(text: string): VisualResource {
  for (const [pattern, make] of patterns) {
    const found = pattern.exec(text);
    if (found !== null) return make(found.slice(1));
  }
  return { kind: 'other', text };
}

export function writeResource(resource: VisualResource): string {
  switch (resource.kind) {
    case 'bucket':
      return `arn:aws:s3:::${resource.name}`;
    case 'buckets':
      return `arn:aws:s3:::${resource.prefix}*`;
    case 'object':
      return `arn:aws:s3:::${resource.bucket}/${resource.key}`;
    case 'objects':
      return `arn:aws:s3:::${resource.bucket}/${resource.prefix}*`;
    case 'managed':
      return `vstorage::${resource.accountId}:${resource.type}/${resource.id}`;
    case 'other':
      return resource.text;
  }
}
