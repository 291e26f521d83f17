// Both languages say the same things, and nothing else: same keys, same variables, no key unused, none missing.
// A key is used when it stands in the source as `t('a.b')`, or begins with the fixed part of t(`a.${x}`) or 'a.${x}'.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { managementActions, s3Actions } from '../../src/policy/actions.ts';
import { managedPolicies } from '../../src/policy/managed.ts';
import { checkProse } from './server-prose.ts';

const source = join(import.meta.dirname, '../src');
const PLURAL = /_(zero|one|two|few|many|other)$/;

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [below, text] of flatten(value, `${prefix}${key}.`)) flat.set(below, text);
  }
  return flat;
}

const read = (language: string): Map<string, string> =>
  flatten(JSON.parse(readFileSync(join(source, 'locales', `${language}.json`), 'utf8')) as Tree);
const stem = (key: string): string => key.replace(PLURAL, '');
const stems = (texts: ReadonlyMap<string, string>): Set<string> => new Set([...texts.keys()].map(stem));
const variables = (text: string): string =>
  [...new Set(text.match(/\{\{\w+\}\}|<\/?\w+>/g) ?? [])].toSorted().join(' ');

export function checkPair(en: ReadonlyMap<string, string>, vi: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  const [english, vietnamese] = [stems(en), stems(vi)];
  for (const key of english.difference(vietnamese)) problems.push(`vi.json lacks ${key}`);
  for (const key of vietnamese.difference(english)) problems.push(`en.json lacks ${key}`);
  for (const [key, text] of vi) {
    const other = en.get(key);
    if (text.trim() === '') problems.push(`vi.json: ${key} is empty`);
    if (other !== undefined && variables(other) !== variables(text)) problems.push(`${key} has other variables in vi.json`);
  }
  return problems;
}

export function checkUse(keys: ReadonlySet<string>, code: string): string[] {
  const literals = new Set([...code.matchAll(/['"`]([a-z0-9-]+(?:\.[a-z0-9-]+)+)['"`]/g)].map(([, key = '']) => key));
  const prefixes = [...code.matchAll(/`([a-z0-9-]+(?:\.[a-z0-9-]+)*\.)\$\{/g)].map(([, prefix = '']) => prefix);
  const suffixes = [...code.matchAll(/`([a-z0-9-]+\.)\$\{[^}]+\}(\.[a-z0-9-]+)`/g)];
  const called = [...code.matchAll(/(?:\bt\(|i18nKey=)\s*['"]([\w.-]+)['"]/g)].map(([, key = '']) => key);
  const problems = called.filter((key) => !keys.has(key)).map((key) => `no text for ${key}`);
  for (const key of keys) {
    const bySuffix = suffixes.some(([, prefix = '', suffix = '']) => key.startsWith(prefix) && key.endsWith(suffix));
    const byPrefix = prefixes.some((prefix) => key.startsWith(prefix) && !suffixes.some(([, only]) => only === prefix));
    if (!literals.has(key) && !bySuffix && !byPrefix) problems.push(`${key} is used nowhere`);
  }
  return problems;
}

const codeBelow = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');

// Codes of requests that the console never makes: the CLI's, programs', and those that a typed client cannot cause.
const notForConsole = new Set(
  (
    'no-such-account account-has-projects invalid-canonical-id ' +
    'canonical-id-taken access-key-taken invalid-access-key invalid-secret-key policy-not-attached invalid-cursor ' +
    'no-such-path no-local-ca no-file'
  ).split(' '),
);

/** The server explains its problems in English; Vietnamese readers need a text for each code they can meet. */
export function checkCodes(serverCode: string, texts: Readonly<Record<string, string>>): string[] {
  const codes = [...serverCode.matchAll(/new ProblemError\(\s*\d+,\s*'([a-z0-9-]+)'/g)].map(([, code = '']) => code);
  const missing = [...new Set(codes)].filter((code) => !(code in texts) && !notForConsole.has(code));
  return missing.map((code) => `problems-vi.json lacks ${code}`);
}

/** Managed policies too are described in English by the server. */
function checkPolicies(texts: Readonly<Record<string, string>>): string[] {
  const names = new Set(managedPolicies.map(({ name }) => name));
  const given = new Set(Object.keys(texts));
  return [
    ...[...names.difference(given)].map((name) => `managed-policies-vi.json lacks ${name}`),
    ...[...given.difference(names)].map((name) => `managed-policies-vi.json has ${name}, which is no managed policy`),
  ];
}

/** So are actions. */
function checkActions(texts: Readonly<Record<string, string>>): string[] {
  const names = new Set([...s3Actions, ...managementActions].map(({ name }) => name));
  const given = new Set(Object.keys(texts));
  return [
    ...[...names.difference(given)].map((name) => `actions-vi.json lacks ${name}`),
    ...[...given.difference(names)].map((name) => `actions-vi.json has ${name}, which is no action`),
  ];
}

/** The code that reads policies; of the table of actions only what is said of a wrong one. */
function policyReader(): string {
  const folder = join(source, '../../src/policy');
  const tables = new Set(['managed.ts', 'iam-actions.ts']);
  return readdirSync(folder)
    .filter((file) => !file.endsWith('.test.ts') && !tables.has(file))
    .map((file) => {
      const code = readFileSync(join(folder, file), 'utf8');
      return file === 'actions.ts' ? code.slice(code.indexOf('export function actionFault')) : code;
    })
    .join('\n');
}

const readFlat = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(source, 'locales', `${name}.json`), 'utf8')) as Record<string, string>;

if (import.meta.main) {
  const [en, vi] = [read('en'), read('vi')];
  const server = ['projects', 'identity', 'access', 'federation', 'console-api', 'tasks'].map((name) => codeBelow(join(source, '../../src', name)));
  const problems = [
    ...checkPair(en, vi),
    ...checkUse(stems(en), codeBelow(source)),
    ...checkCodes(server.join('\n'), readFlat('problems-vi')),
    ...checkPolicies(readFlat('managed-policies-vi')),
    ...checkActions(readFlat('actions-vi')),
    ...checkProse(policyReader(), readFlat('parser-vi')),
  ];
  for (const problem of problems) console.error(problem);
  console.log(`${en.size} texts, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
