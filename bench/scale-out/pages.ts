// The figures as pages to read, with what they must be.
import type { Environment } from '../report/environment.ts';
import { median, round } from '../report/figures.ts';
import { describe, table, verdict } from '../report/markdown.ts';
import { caseName } from '../table/cases.ts';
import type { Cell, Measured } from '../table/measure.ts';
import { WANTED } from './against-radosgw.ts';
import type { Cost } from './cost.ts';
import type { GatewayFigures } from './gateways.ts';

const number = (value: number): string => round(value).toLocaleString('en');
const whole = (value: number): string => Math.round(value).toLocaleString('en');

type AgainstReport = {
  readonly environment: Environment;
  readonly workers: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly measured: readonly Measured[];
};

export function radosGatewayPage({ environment, workers, rounds, seconds, measured }: AgainstReport): string {
  const rows = measured.map(({ case: what, cells: [own, peer] }) => {
    const wanted = WANTED.find((one) => caseName(one) === caseName(what))?.times ?? 1;
    const ratio =
      own === undefined || peer === undefined
        ? 0
        : median(own.rounds.map((value, index) => value / (peer.rounds[index] ?? 0)));
    return [
      caseName(what),
      figure(own),
      figure(peer),
      `${ratio.toFixed(2)} ×`,
      verdict(`≥ ${wanted} ×`, ratio >= wanted),
    ];
  });
  return [
    "# vStorage on PostgreSQL and RADOS, and the same cluster's RADOS Gateway",
    describe(environment, workers),
    `One Ceph cluster (16.2, one OSD on a sparse file, one copy), one PostgreSQL beside it, all on this machine and all durable. The
same load over TLS with presigned URLs in turn, ${rounds} rounds of ${seconds} s; medians, and the median of the ratios of a round. Neither
encrypts objects (\`--bucket-defaults legacy\`). ×N: requests at once. LIST: pages of 1,000 of a bucket of 100,000 keys.`,
    table(['what', 'vStorage', 'RADOS Gateway', 'ratio', 'wanted'], rows),
    'Written by `node bench/scale-out/main.ts radosgw`; the figures are in `radosgw.json`.',
    '',
  ].join('\n\n');
}

function figure(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell.perSecond < 100 && cell.bytesPerSecond > 1e6) return `${number(cell.bytesPerSecond / 1e6)} MB/s`;
  return `${number(cell.perSecond)}/s, ${number(cell.medianMs)} ms`;
}

type GatewaysReport = {
  readonly environment: Environment;
  readonly clientsEach: number;
  readonly thinkMs: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly figures: readonly GatewayFigures[];
};

export function gatewaysPage({ environment, clientsEach, thinkMs, seconds, rounds, figures }: GatewaysReport): string {
  const counts = [...new Set(figures.map(({ gateways }) => gateways))];
  const of = (count: number, pick: (one: GatewayFigures) => number): number =>
    median(figures.filter(({ gateways }) => gateways === count).map(pick));
  const alone = of(1, ({ perSecond }) => perSecond);
  const rows = counts.map((count) => [
    String(count),
    String(count * clientsEach),
    `${number(of(count, ({ perSecond }) => perSecond))}/s`,
    `${(of(count, ({ perSecond }) => perSecond) / alone).toFixed(2)} ×`,
    `${number(of(count, ({ medianMs }) => medianMs))} ms`,
    `${number(of(count, ({ p99Ms }) => p99Ms))} ms`,
    `${number(of(count, ({ gatewayCpuMsPerRequest }) => gatewayCpuMsPerRequest))} ms`,
    number(of(count, ({ transactionsPerRequest }) => transactionsPerRequest)),
    number(of(count, ({ rollbacksPer1000 }) => rollbacksPer1000)),
    String(of(count, ({ failed }) => failed)),
  ]);
  const head = [
    'gateways',
    'clients',
    'requests',
    'of one',
    'median',
    'p99',
    'CPU of gateways per request',
    'transactions per request',
    'undone per 1,000',
    'failed',
  ];
  return [
    '# One, two and three gateways on the same PostgreSQL and Ceph',
    describe(environment, 1),
    `${clientsEach} clients per gateway, each a request at a time with a pause of ${thinkMs} ms on average (half to one and a half of it): 70 %
GET and 20 % PUT of 4 KiB, 10 % PUT of 64 KiB into Ceph. All write into one bucket of one project. ${rounds} rounds of ${seconds} s of each,
in turn; medians. One worker per gateway.`,
    table(head, rows),
    'Written by `node bench/scale-out/main.ts gateways`; the figures are in `gateways.json`.',
    '',
  ].join('\n\n');
}

export function costPage({
  environment,
  costs,
}: {
  readonly environment: Environment;
  readonly costs: readonly Cost[];
}): string {
  const rows = costs.flatMap(({ what, asWritten, packed }) =>
    (
      [
        ['as written', asWritten],
        ['after VACUUM FULL', packed],
      ] as const
    ).map(([when, sizes]) => [
      `${what}, ${when}`,
      sizes.rows.toFixed(2),
      whole(sizes.table),
      whole(sizes.apart),
      whole(sizes.index),
      `**${whole(sizes.total)}**`,
    ]),
  );
  return [
    '# What an object costs in PostgreSQL',
    describe(environment, 1),
    `${costs[0]?.objects.toLocaleString('en')} objects of each kind with keys of ${costs[0]?.keyBytes} bytes, written through the one write path; bytes per object, by
\`pg_total_relation_size\` and its parts, less what the empty store takes. *Apart*: values that stand outside the rows, with their index.`,
    table(['object', 'rows', 'table', 'apart', 'index', 'together'], rows),
    'Written by `node bench/scale-out/main.ts cost`; the figures are in `cost.json`.',
    '',
  ].join('\n\n');
}
