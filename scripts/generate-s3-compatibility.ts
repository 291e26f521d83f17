// The table of docs/s3-compatibility.md, made from the operation table.
import type { DeclaredOperation } from '../src/s3/operation.ts';
import { elsewhere } from '../src/s3/operations/elsewhere.ts';
import { operations } from '../src/s3/operations/table.ts';

const MEANING: Readonly<Record<DeclaredOperation['implemented'], string>> = {
  yes: 'implemented | ',
  unset: 'implemented | always "not set"',
  no: '501 | NotImplemented, by its name',
};
const ORDER: readonly DeclaredOperation['implemented'][] = ['yes', 'unset', 'no'];

function exampleOf({ method, target, match }: DeclaredOperation): string {
  const path = { service: '/', bucket: '/{bucket}', object: '/{bucket}/{key}' }[target];
  const query = match.filter((selector) => !selector.startsWith('header:'));
  const headers = match.filter((selector) => selector.startsWith('header:')).map((selector) => selector.slice(7));
  const withHeaders = headers.length === 0 ? '' : `, ${headers.join(', ')}`;
  return `\`${method} ${path}${query.length === 0 ? '' : `?${query.join('&')}`}\`${withHeaders}`;
}

function row(operation: DeclaredOperation): string {
  return `| ${operation.name} | ${MEANING[operation.implemented]} | ${exampleOf(operation)} |`;
}

function elsewhereRow({ name, method, path, parameter }: (typeof elsewhere)[number]): string {
  return `| ${name} | ${MEANING.no} | \`${method} ${path}${parameter === null ? '' : `?${parameter}`}\` |`;
}

function table(): string {
  const sorted = operations.toSorted(
    (a, b) => ORDER.indexOf(a.implemented) - ORDER.indexOf(b.implemented) || (a.name < b.name ? -1 : 1),
  );
  return [
    '| operation | | answer | request |',
    '|---|---|---|---|',
    ...sorted.map(row),
    ...elsewhere.map(elsewhereRow),
    '',
  ].join('\n');
}

/** The document with its table renewed; the text around the markers is written by hand. */
export function withOperations(current: string): string {
  const before = current.split(/(?<=<!-- operations: .* -->\n)/)[0];
  const after = current.split(/(?=<!-- \/operations -->)/)[1];
  if (before === undefined || after === undefined) {
    throw new Error('docs/s3-compatibility.md has lost its operations markers');
  }
  return `${before}${table()}${after}`;
}
