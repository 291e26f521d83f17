import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFault } from './policy-draft.ts';
import { type Trust, trustPolicyOf } from './role-trust.ts';

const accountId = '123456789012';

test('every kind of trust that the form offers is a trust policy, and names whom it should', () => {
  const cases: readonly [Trust, RegExp][] = [
    [{ kind: 'user', accountId, name: 'alice', externalId: '' }, /user\/alice/],
    [{ kind: 'service-account', accountId, name: 'backup job', externalId: '' }, /service-account\/backup job/],
    [
      { kind: 'account', accountId: '210987654321', name: '', externalId: 'secret' },
      /210987654321:root[^]*sts:ExternalId/,
    ],
    [
      { kind: 'provider', accountId, name: 'https://id.example.com/a', externalId: '' },
      /oidc-provider\/id\.example\.com\/a/,
    ],
  ];
  for (const [trust, wanted] of cases) {
    const text = trustPolicyOf(trust);
    assert.equal(findFault(text, 'trust'), null, trust.kind);
    assert.match(text, wanted);
  }
});
