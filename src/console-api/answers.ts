// The answers a route declares: its own, and problems for everything that goes wrong.
import { z } from 'zod';
import { problem } from './contract.ts';

const problems = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problem } },
});

export const refusals = { '4xx': problems('The request is refused'), '5xx': problems('The server is in trouble') };

/** A file to save, as text of its own type. */
export const textFile = {
  description: 'The file',
  content: { 'application/octet-stream': { schema: z.string() } },
};

/** 204: nothing to say. */
export const nothing = z.null().describe('No content');

/** 202: it will be done. */
export const accepted = z.object({});

export type Tag =
  | 'Session'
  | 'Sign-in'
  | 'Regions'
  | 'Projects'
  | 'S3 keys'
  | 'Connections'
  | 'Users'
  | 'Groups'
  | 'Service accounts'
  | 'Policies'
  | 'Buckets'
  | 'Bucket settings'
  | 'Objects'
  | 'Uploads'
  | 'Tasks'
  | 'Reports'
  | 'Audit';
