// Who may take a role on, from a form: the trust policy that says so.

export type TrustKind = 'account' | 'user' | 'service-account' | 'provider';
export type Trust = {
  readonly kind: TrustKind;
  /** 12 digits; of the trusted account, or the own one */
  readonly accountId: string;
  /** of the user or service account; host and path of the provider */
  readonly name: string;
  /** asked of another account, so that nobody uses it by guessing; empty: none */
  readonly externalId: string;
};

/** The text of a policy. */
export function trustPolicyOf({ kind, accountId, name, externalId }: Trust): string {
  const principal =
    kind === 'provider'
      ? { Federated: `arn:aws:iam::${accountId}:oidc-provider/${name.replace(/^https?:\/\//, '')}` }
      : { AWS: kind === 'account' ? `arn:aws:iam::${accountId}:root` : `arn:aws:iam::${accountId}:${kind}/${name}` };
  const statement = {
    Effect: 'Allow',
    Principal: principal,
    Action: kind === 'provider' ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole',
    ...(kind === 'account' && externalId !== ''
      ? { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }
      : {}),
  };
  return `${JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2)}\n`;
}
