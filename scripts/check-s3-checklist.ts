// Every point of docs/s3-checklist.md names tests, and every test it names stands in the source under that name.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.ts';

const POINTS = 55;
const ROW = /^\| (\d+) \| [^|]+ \| (.+) \|$/;
const TEST = /^`([^`]+\.test\.ts)`: (.+)$/;

function standsIn(file: string, name: string): boolean {
  if (!existsSync(join(root, file))) return false;
  const source = readFileSync(join(root, file), 'utf8');
  return ["'", '"', '`'].some((quote) => source.includes(`test(${quote}${name}${quote}`));
}

function problemsOf(number: number, cell: string): readonly string[] {
  return cell.split('<br>').flatMap((text) => {
    const [, file, name] = TEST.exec(text.replaceAll('\\<', '<')) ?? [];
    if (file === undefined || name === undefined) return [`${number}: "${text}" names no test`];
    return standsIn(file, name) ? [] : [`${number}: ${file} has no test "${name}"`];
  });
}

const lines = readFileSync(join(root, 'docs/s3-checklist.md'), 'utf8').split('\n');
const rows = lines.flatMap((line) => {
  const [, number, cell] = ROW.exec(line) ?? [];
  return number === undefined || cell === undefined ? [] : [{ number: Number(number), cell }];
});
const missing = Array.from({ length: POINTS }, (_, index) => index + 1).filter(
  (number) => rows.filter((row) => row.number === number).length !== 1,
);
const problems = [
  ...missing.map((number) => `${number}: must stand in the table once`),
  ...rows.flatMap(({ number, cell }) => problemsOf(number, cell)),
];
if (problems.length > 0) {
  process.stderr.write(`docs/s3-checklist.md: ${problems.join('\n  ')}\n`);
  process.exitCode = 1;
}
