// The table of docs/iam-api.md, made from the calls that are answered and the names of all that AWS has.
import type { QueryService } from '../src/access/query-call.ts';
import { knownCalls } from '../src/iam-query/known-calls.ts';
import { findCall } from '../src/iam-query/table.ts';

const TITLES: Readonly<Record<QueryService, string>> = { iam: 'IAM', sts: 'STS' };

function row(service: QueryService, name: string): string {
  const call = findCall(service, name);
  if (call === undefined) return `| ${name} | 501 | |`;
  return `| ${name} | implemented | ${call.kind === 'open' ? 'needs no signature' : ''} |`;
}

const table = (service: QueryService): string[] => [
  `### ${TITLES[service]}`,
  '',
  '| call | | |',
  '|---|---|---|',
  ...[...knownCalls[service]].toSorted().map((name) => row(service, name)),
  '',
];

/** The document with its tables renewed; the text around the markers is written by hand. */
export function withCalls(current: string): string {
  const before = current.split(/(?<=<!-- calls: .* -->\n)/)[0];
  const after = current.split(/(?=<!-- \/calls -->)/)[1];
  if (before === undefined || after === undefined) throw new Error('docs/iam-api.md has lost its calls markers');
  return `${before}${[...table('iam'), ...table('sts')].join('\n')}${after}`;
}
