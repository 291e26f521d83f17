// A schema as a list of fields with their types in words that people who write programs know.
import type { OpenApi, Schema } from './document.ts';

export type Field = {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  /** what is inside, to be shown when it is asked for; null: nothing is */
  readonly inner: Schema | null;
};

const nameIn = (ref: string): string => ref.split('/').at(-1) ?? ref;

export function resolve(document: OpenApi, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  return document.components?.schemas?.[nameIn(schema.$ref)] ?? {};
}

export function typeOf(schema: Schema): string {
  const { $ref, const: constant, enum: values, type, items, format } = schema;
  if ($ref !== undefined) return nameIn($ref);
  if (constant !== undefined) return JSON.stringify(constant);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(' | ');
  if (type === 'array') return `${items === undefined ? 'any' : wrapped(typeOf(items))}[]`;
  if (typeof type === 'object') return type.join(' | ');
  return format === undefined ? (type ?? 'any') : `${type} (${format})`;
}

const wrapped = (type: string): string => (type.includes(' ') ? `(${type})` : type);

/** Through lists and `null`, to what has fields. */
function innerOf(document: OpenApi, schema: Schema): Schema | null {
  const plain = resolve(document, schema);
  if (plain.items !== undefined) return innerOf(document, plain.items);
  if (plain.properties !== undefined) return plain;
  const choices = plain.anyOf ?? plain.oneOf ?? plain.allOf ?? [];
  const withFields = choices.map((choice) => innerOf(document, choice)).filter((choice) => choice !== null);
  if (withFields.length < 2) return withFields[0] ?? null;
  return { oneOf: withFields };
}

function fieldsOfObject(document: OpenApi, { properties = {}, required = [] }: Schema): Field[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    type: typeOf(schema),
    required: required.includes(name),
    description: schema.description ?? '',
    inner: innerOf(document, schema),
  }));
}

/** One list, or one for each of several shapes. */
export function shapesOf(document: OpenApi, schema: Schema): (readonly Field[])[] {
  const inner = innerOf(document, schema);
  if (inner === null) return [];
  return (inner.oneOf ?? [inner]).map((shape) => fieldsOfObject(document, shape));
}
