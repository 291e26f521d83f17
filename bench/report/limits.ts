// What vStorage must reach, and what it reached: ratios of the same run, so that they mean the same on any machine.
import type { ListingFigures } from '../listing/measure.ts';
import { caseName, KIB, MIB, type Operation, sizeText } from '../table/cases.ts';
import { COMMITS, type Measured } from '../table/measure.ts';
import { BARE, BARE_ON_LOOP } from '../targets/bare.ts';
import { RADOS_GATEWAY } from '../targets/radosgw.ts';
import { median } from './figures.ts';
import type { Results } from './results.ts';

export type Limit = {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly is: boolean;
};

const LARGE = 64 * MIB;
const SMALL = 4 * KIB;
const MEBIBYTES_PER_MEGABYTE = 1e6 / 2 ** 20;
const IDLE_MB = 120;
const UPLOAD_MB = 300;
const START_MS = 2000;
const GROWTH = 0.85;

export function limitsOf({ table, growth, memory, start, listing }: Partial<Results>): Limit[] {
  return [
    ...(table === undefined ? [] : tableLimits(table.measured)),
    ...(growth === undefined ? [] : growth.operations.map(growthLimit)),
    ...(listing === undefined ? [] : listingLimits(listing)),
    ...(memory === undefined ? [] : memoryLimits(memory)),
    ...(start === undefined ? [] : [startLimit(start)]),
  ];
}

type Wanted = {
  readonly operation: Operation;
  readonly sizeBytes: number;
  readonly concurrencies: readonly number[];
  readonly against: string;
  readonly ratio: number;
};

const want = (
  operation: Operation,
  sizeBytes: number,
  concurrencies: readonly number[],
  against: string,
  ratio: number,
): Wanted => ({ operation, sizeBytes, concurrencies, against, ratio });

const WANTED: readonly Wanted[] = [
  want('GET', SMALL, [16, 64], BARE, 0.5),
  want('HEAD', SMALL, [16, 64], BARE, 0.5),
  want('PUT', SMALL, [16, 64], COMMITS, 0.5),
  want('GET', LARGE, [1, 4], BARE, 0.8),
  want('PUT', LARGE, [1, 4], BARE, 0.8),
  want('PUT', LARGE, [1], BARE_ON_LOOP, 1.2),
  want('PUT', SMALL, [16, 64], RADOS_GATEWAY, 10),
  want('GET', SMALL, [16, 64], RADOS_GATEWAY, 10),
  want('LIST', 0, [16], RADOS_GATEWAY, 1.5),
  want('GET', LARGE, [1, 4], RADOS_GATEWAY, 1.5),
  want('PUT', LARGE, [1, 4], RADOS_GATEWAY, 1.5),
];

function tableLimits(measured: readonly Measured[]): Limit[] {
  return WANTED.flatMap(({ operation, sizeBytes, concurrencies, against, ratio: wanted }) =>
    concurrencies.flatMap((concurrency) => {
      const name = caseName({ operation, sizeBytes, concurrency });
      const ratio = ratioIn(measured, name, against);
      const what = `${name} ÷ ${against}`;
      if (ratio !== null) return [atLeast(what, ratio, wanted)];
      // Not every machine has the peer.
      return against === RADOS_GATEWAY ? [] : [{ what, wanted: `≥ ${wanted}`, measured: 'not measured', is: false }];
    }),
  );
}

/** Of the rounds that both took part in, each against the other's of the same moments; null: it was not measured. */
export function ratioIn(measured: readonly Measured[], name: string, against: string): number | null {
  const found = measured.find((one) => caseName(one.case) === name);
  const [subject] = found?.cells ?? [];
  const other = found?.cells.find(({ target }) => target === against);
  if (subject === undefined || other === undefined) return null;
  const ratios = subject.rounds.flatMap((rate, round) => {
    const theirs = other.rounds[round];
    return theirs === undefined ? [] : [rate / theirs];
  });
  return median(ratios);
}

const two = (value: number): string => (value >= 10 ? value.toFixed(1) : value.toFixed(2));

function atLeast(what: string, ratio: number, wanted: number): Limit {
  return { what, wanted: `≥ ${wanted}`, measured: two(ratio), is: ratio >= wanted };
}

function growthLimit({ operation, ratio }: Results['growth']['operations'][number]): Limit {
  const what = operation === 'LIST' ? 'LIST page' : operation;
  return atLeast(`${what} at 1,000,000 objects ÷ at 1,000`, ratio, GROWTH);
}

function listingLimits({ one, many }: ListingFigures): Limit[] {
  const row = (what: string, keysPerSecond: number, wanted: number): Limit => ({
    what,
    wanted: `≥ ${wanted.toLocaleString('en')} keys/s`,
    measured: `${Math.round(keysPerSecond).toLocaleString('en')} keys/s`,
    is: keysPerSecond >= wanted,
  });
  return [
    row('LIST pages of 1,000 in 1,000,000 objects, one client', one.large.perSecond * 1000, 25_000),
    row('LIST pages of 1,000 in 1,000,000 objects, 16 clients', many.large.perSecond * 1000, 150_000),
  ];
}

function memoryLimits({ idleMiB, uploadPeakMiB, uploads, uploadBytes }: Results['memory']): Limit[] {
  const row = (what: string, mebibytes: readonly number[], wantedMb: number): Limit => {
    const megabytes = Math.round(Math.max(...mebibytes) / MEBIBYTES_PER_MEGABYTE);
    return { what, wanted: `≤ ${wantedMb} MB`, measured: `${megabytes} MB`, is: megabytes <= wantedMb };
  };
  return [
    row('resident memory of a worker, idle', idleMiB, IDLE_MB),
    row(`the most of a worker during ${uploads} uploads of ${sizeText(uploadBytes)} at once`, uploadPeakMiB, UPLOAD_MB),
  ];
}

function startLimit({ many }: Results['start']): Limit {
  return {
    what: `start to ready with ${many.objects.toLocaleString('en')} objects`,
    wanted: `≤ ${START_MS / 1000} s`,
    measured: `${(many.medianMs / 1000).toFixed(2)} s`,
    is: many.medianMs <= START_MS,
  };
}
