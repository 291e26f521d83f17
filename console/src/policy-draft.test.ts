import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOf, fromVisual, toVisual } from '../../src/policy/visual.ts';
import { findFault, newRule, templateNames, templates } from './policy-draft.ts';

test('every template is a policy that the form shows and writes again', () => {
  for (const name of templateNames) {
    assert.equal(findFault(templates[name], 'identity'), null, name);
    const { rules, hidden } = toVisual(templates[name]);
    assert.deepEqual(hidden, [], name);
    assert.equal(findFault(fromVisual(rules), 'identity'), null, name);
  }
});

test('a fault is named with its place, and a rule that is not finished is one', () => {
  const found = findFault('{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Perhaps" }]\n}', 'identity');
  assert.deepEqual([found?.line, found?.column], [3, 29]);
  assert.match(found?.message ?? '', /^Statement\[0\]\.Effect: /);
  assert.match(findFault(draftOf([newRule()]), 'identity')?.message ?? '', /Action.*empty/);
  assert.match(findFault(templates['read-bucket'], 'trust')?.message ?? '', /Principal|Resource/);
});
