// The chart of docs/performance.md: each server's rate as a share of the fastest one's, for what matters most.
import { caseName, KIB, MIB, type Case } from '../table/cases.ts';
import type { Cell, Measured } from '../table/measure.ts';

const SHOWN: readonly Case[] = [
  { operation: 'GET', sizeBytes: 4 * KIB, concurrency: 64 },
  { operation: 'HEAD', sizeBytes: 4 * KIB, concurrency: 64 },
  { operation: 'PUT', sizeBytes: 4 * KIB, concurrency: 64 },
  { operation: 'DELETE', sizeBytes: 4 * KIB, concurrency: 64 },
  { operation: 'LIST', sizeBytes: 0, concurrency: 16 },
  { operation: 'GET', sizeBytes: MIB, concurrency: 16 },
  { operation: 'PUT', sizeBytes: MIB, concurrency: 16 },
  { operation: 'GET', sizeBytes: 64 * MIB, concurrency: 4 },
  { operation: 'PUT', sizeBytes: 64 * MIB, concurrency: 4 },
  { operation: 'MIX', sizeBytes: 10 * MIB, concurrency: 16 },
];
const COLORS = ['#1463d6', '#8a94a3', '#b9c1cc', '#5f6b7a', '#d9822b', '#3d9a6b', '#9b59b6'];

const [WIDTH, LABEL, BAR, GAP, TOP] = [880, 170, 14, 16, 56];
/** For the text after the longest bar. */
const AFTER = 170;

export function drawChart(measured: readonly Measured[]): string {
  const names = SHOWN.map(caseName);
  const shown = names.flatMap((name) => measured.find((one) => caseName(one.case) === name) ?? []);
  const targets = [...new Set(shown.flatMap(({ cells }) => cells.map(({ target }) => target)))];
  const colors = new Map(targets.map((target, index) => [target, COLORS[index % COLORS.length] ?? '#000']));
  let y = TOP;
  const groups = shown.map((one) => {
    const group = drawGroup(one, colors, y);
    y += one.cells.length * (BAR + 2) + GAP;
    return group;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="system-ui, sans-serif" font-size="12">
<title>Requests per second, each server as a share of the fastest</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${legend(colors)}
${groups.join('\n')}
</svg>
`;
}

function legend(colors: ReadonlyMap<string, string>): string {
  let x = 12;
  return [...colors]
    .map(([target, color]) => {
      const at = x;
      x += 30 + target.length * 6.2;
      return `<rect x="${at}" y="14" width="12" height="12" rx="2" fill="${color}"/><text x="${at + 17}" y="24" fill="#1c2430">${escaped(target)}</text>`;
    })
    .join('\n');
}

function drawGroup({ case: what, cells }: Measured, colors: ReadonlyMap<string, string>, top: number): string {
  const fastest = Math.max(...cells.map(({ perSecond }) => perSecond));
  const bars = cells.map((cell, index) => {
    const y = top + index * (BAR + 2);
    const width = Math.max(1, (cell.perSecond / fastest) * (WIDTH - LABEL - AFTER));
    return `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${colors.get(cell.target) ?? '#000'}"/><text x="${(LABEL + width + 6).toFixed(1)}" y="${y + 11}" fill="#4a5565" font-size="11">${rate(cell)}</text>`;
  });
  return `<text x="${LABEL - 10}" y="${top + 11}" text-anchor="end" font-weight="600" fill="#1c2430">${escaped(caseName(what))}</text>\n${bars.join('\n')}`;
}

const rate = ({ perSecond, bytesPerSecond }: Cell): string =>
  perSecond >= 1000
    ? `${Math.round(perSecond).toLocaleString('en')}/s`
    : `${perSecond.toPrecision(3)}/s · ${Math.round(bytesPerSecond / 1e6).toLocaleString('en')} MB/s`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
