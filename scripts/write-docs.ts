// `npm run docs`: writes the generated parts of docs/. With `--check`: fails when they are out of date.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { variableName } from '../src/config/env.ts';
import type { Setting } from '../src/config/settings.ts';
import { settings } from '../src/config/settings.ts';
import { withDependencies } from './generate-dependencies.ts';
import { withActions } from './generate-iam-actions.ts';
import { withCalls } from './generate-iam-calls.ts';
import { withOperations } from './generate-s3-compatibility.ts';
import { root } from './run.ts';

type Document = { readonly path: string; readonly render: (current: string) => string };

const documents: readonly Document[] = [
  { path: 'docs/configuration.md', render: withSettings },
  { path: 'docs/dependencies.md', render: withDependencies },
  { path: 'docs/iam-actions.md', render: withActions },
  { path: 'docs/iam-api.md', render: withCalls },
  { path: 'docs/s3-compatibility.md', render: withOperations },
];

function withSettings(current: string): string {
  const [before, after] = [
    current.split(/(?<=<!-- settings: .* -->\n)/)[0],
    current.split(/(?=<!-- \/settings -->)/)[1],
  ];
  if (before === undefined || after === undefined)
    throw new Error('docs/configuration.md has lost its settings markers');
  return `${before}${settingsTable()}${after}`;
}

function settingsTable(): string {
  const rows = Object.entries(settings).map(([name, setting]) => settingRow(name, setting));
  return ['| flag and key | variable | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function settingRow(name: string, setting: Setting): string {
  const flag = setting.placeholder === null ? `--${name}` : `--${name} ${setting.placeholder.replaceAll('|', '\\|')}`;
  const notes = [setting.repeatable ? 'Repeatable.' : '', setting.scope === 'store' ? '*Also for commands.*' : ''];
  const meaning = [`${setting.meaning}.`, ...notes].filter((text) => text !== '').join(' ');
  return `| \`${flag}\` | \`${variableName(name)}\` | ${escaped(setting.default ?? '')} | ${escaped(meaning)} |`;
}

const escaped = (text: string): string => text.replaceAll('<', '\\<');

const check = process.argv.includes('--check');
for (const { path, render } of documents) {
  const file = join(root, path);
  const current = await readFile(file, 'utf8');
  const wanted = render(current);
  if (wanted === current) continue;
  if (check) {
    process.stderr.write(`${path} is out of date: run npm run docs\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
  }
}
