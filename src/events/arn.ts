// Where events can go, as bucket configurations name it:
//   arn:vstorage:webhook:::NAME               a webhook that the operator set up (--event-target)
//   arn:vstorage:report:::BUCKET[/dated]      JSON files in another bucket of the project, one a minute
// Region and account (the empty fields) may be given; they decide nothing.

export type EventDestination =
  | { readonly kind: 'webhook'; readonly name: string }
  | { readonly kind: 'report'; readonly bucket: string; readonly naming: 'flat' | 'dated' };

const ARN = /^arn:vstorage:(webhook|report):[A-Za-z0-9-]{0,32}:\d{0,12}:([^:/]{1,63})(?:\/(flat|dated))?$/;

export function parseEventArn(arn: string): EventDestination | null {
  const [, kind, name, naming] = ARN.exec(arn) ?? [];
  if (name === undefined) return null;
  if (kind === 'report') return { kind, bucket: name, naming: naming === 'dated' ? 'dated' : 'flat' };
  return naming === undefined ? { kind: 'webhook', name } : null;
}
