// A record as bytes: one line of JSON with its members in one order. The hash that the next record carries is that of
// these very bytes, so they are stored, moved, exported and sent as they are.
import { hash } from 'node:crypto';
import { type ChainId, chainText } from '../metadata/tables/audit.ts';
import type { AuditEntry, AuditRecord } from './entry.ts';

/** Before the first record of a chain. */
export const NO_HASH = '0'.repeat(64);

const MAX_USER_AGENT = 300;
const MAX_TEXT = 2048;

export type Link = { readonly chain: ChainId; readonly seq: number; readonly prev: string };

export function lineOf(link: Link, entry: AuditEntry): string {
  const { at, userAgent, resource, ...rest } = entry;
  return JSON.stringify({
    chain: chainText(link.chain),
    seq: link.seq,
    prev: link.prev,
    time: new Date(at).toISOString(),
    ...rest,
    resource: resource?.slice(0, MAX_TEXT) ?? null,
    userAgent: userAgent.slice(0, MAX_USER_AGENT),
  });
}

export const hashOf = (line: string): string => hash('sha256', line, 'hex');

const HEAD = /^\{"chain":"([0-9a-f]{16})","seq":(\d{1,15}),"prev":"([0-9a-f]{64})","time":"([^"]{24})"/;

/** What stands at the beginning of every line; null: this is none. */
export function readHead(line: string): (Omit<Link, 'chain'> & { readonly chain: string; readonly at: number }) | null {
  const [, chain, seq, prev, time] = HEAD.exec(line) ?? [];
  if (chain === undefined || seq === undefined || prev === undefined || time === undefined) return null;
  return { chain, seq: Number(seq), prev, at: Date.parse(time) };
}

/** Lines are only ever written by `lineOf`. */
export const parseLine = (line: string): AuditRecord => JSON.parse(line) as AuditRecord;
