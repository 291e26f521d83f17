// One configuration of a bucket as the API shows and takes it. Each is two routes, made from its declaration
// (routes/bucket-settings.ts); who may use them is asked by the actions that S3 asks by.
import type { z } from 'zod';
import type { BucketRecord } from '../../metadata/tables/objects.ts';
import type { Guard } from '../../storage/storage-deps.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { BucketScope } from '../objects/bucket-scope.ts';

export type SettingScope = BucketScope & { readonly deps: ConsoleDeps; readonly requestId: string };
export type Change = { readonly bucket: BucketRecord; readonly guard: Guard };

export type Setting<Document extends object> = {
  /** last part of the route */
  readonly path: string;
  /** of the operation, as S3 has it: Get… and Put… of it */
  readonly name: string;
  readonly summary: string;
  readonly document: z.ZodType<Document>;
  readonly reads: string;
  readonly writes: string;
  readonly read: (scope: SettingScope) => Promise<Document>;
  readonly write: (scope: SettingScope, document: Document, change: Change) => Promise<void>;
};

/** What the routes work with, whatever the document. */
export type AnySetting = Omit<Setting<object>, 'write'> & {
  readonly write: (scope: SettingScope, document: unknown, change: Change) => Promise<void>;
};

export function setting<Document extends object>(declared: Setting<Document>): AnySetting {
  return {
    ...declared,
    write: (scope, document, change) => declared.write(scope, declared.document.parse(document), change),
  };
}

/** Leaves out what is null or undefined: documents do not say what is not set. */
export function written<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], null | undefined> } {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(present) as { [Name in keyof Fields]?: Exclude<Fields[Name], null | undefined> };
}
