// The OpenAPI document of the server's REST API, as far as its page needs it.

export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
};

export type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
};

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

type Described = {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Content };
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>;
};

export type OpenApi = {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
};

export type Operation = Described & {
  /** `POST /api/v1/projects`: names it */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
};

export const operationsOf = ({ paths }: OpenApi): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, described]) => {
      const method = name.toUpperCase();
      return { ...described, id: `${method} ${path}`, method, path, tag: described.tags?.[0] ?? '' };
    }),
  );

/** In the order the document first names each tag. */
export function byTag(operations: readonly Operation[]): (readonly [string, readonly Operation[]])[] {
  return [...Map.groupBy(operations, ({ tag }) => tag)];
}

export const matches = ({ id, summary = '', tag }: Operation, search: string): boolean => {
  const text = `${id} ${summary} ${tag}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

/** What a request sends and an answer brings, when it is JSON. */
export const jsonSchema = (content: Content | undefined): Schema | null =>
  content?.['application/json']?.schema ?? null;
