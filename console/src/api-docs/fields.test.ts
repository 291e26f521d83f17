import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byTag, matches, type OpenApi, operationsOf } from './document.ts';
import { shapesOf, typeOf } from './fields.ts';

const document: OpenApi = {
  info: { title: 'API', version: '1' },
  paths: {
    '/api/v1/projects': {
      get: { tags: ['Projects'], summary: 'The projects of the account' },
      post: { tags: ['Projects'], summary: 'Create a project' },
    },
    '/api/v1/users': { get: { tags: ['Users'] } },
  },
  components: {
    schemas: {
      Project: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } }, required: ['id'] },
    },
  },
};

test('operations are found by method, path, summary and tag, and grouped by tag', () => {
  const operations = operationsOf(document);
  assert.deepEqual(
    byTag(operations).map(([tag, found]) => [tag, found.length]),
    [
      ['Projects', 2],
      ['Users', 1],
    ],
  );
  assert.deepEqual(
    operations.filter((operation) => matches(operation, 'post project')).map(({ id }) => id),
    ['POST /api/v1/projects'],
  );
});

test('types are told in a line', () => {
  assert.equal(typeOf({ anyOf: [{ type: 'string' }, { type: 'null' }] }), 'string | null');
  assert.equal(typeOf({ type: 'array', items: { enum: ['a', 'b'] } }), '("a" | "b")[]');
  assert.equal(typeOf({ $ref: '#/components/schemas/Project' }), 'Project');
  assert.equal(typeOf({ type: 'string', format: 'date-time' }), 'string (date-time)');
});

test('fields are found through references, lists and null; several shapes are several lists', () => {
  const list = { type: 'array', items: { $ref: '#/components/schemas/Project' } };
  const [fields] = shapesOf(document, { anyOf: [list, { type: 'null' }] });
  assert.deepEqual(
    fields?.map(({ name, type, required }) => [name, type, required]),
    [['id', 'string (uuid)', true]],
  );
  const shape = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } } });
  assert.equal(shapesOf(document, { oneOf: [shape('a'), shape('b')] }).length, 2);
  assert.deepEqual(shapesOf(document, { type: 'string' }), []);
});
