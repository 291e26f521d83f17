// What clients felt of a fault: every request of an SDK client is noted, with how it ended.
import type { S3Client } from '@aws-sdk/client-s3';
import { statusOf } from './s3-client.ts';

export type Noted = {
  readonly operation: string;
  /** by performance.now() */
  readonly begunMs: number;
  readonly endedMs: number;
  /** null: no answer came; 0: it succeeded */
  readonly failedWith: number | null;
};

export type Felt = {
  readonly requests: number;
  /** answered 503 */
  readonly refused: number;
  readonly unanswered: number;
  /** from the fault to the end of the last request that failed; 0: none did */
  readonly lastFailureSeconds: number;
  /** the longest time after the fault in which no request of any client succeeded */
  readonly silenceSeconds: number;
  /** the longest that one request took */
  readonly slowestSeconds: number;
};

export function note(client: S3Client, into: Noted[]): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const begunMs = performance.now();
      const end = (failedWith: number | null): void => {
        into.push({ operation: context.commandName ?? '', begunMs, endedMs: performance.now(), failedWith });
      };
      try {
        const answer = await next(args);
        end(0);
        return answer;
      } catch (error) {
        const status = statusOf(error);
        // "there is no such key" is an answer
        end(status !== null && status < 500 ? 0 : status);
        throw error;
      }
    },
    { step: 'initialize', name: 'note' },
  );
}

export function feltSince(noted: readonly Noted[], faultMs: number): Felt {
  const after = noted.filter(({ endedMs }) => endedMs >= faultMs);
  const failed = after.filter(({ failedWith }) => failedWith !== 0);
  const succeeded = after.filter(({ failedWith }) => failedWith === 0).map(({ endedMs }) => endedMs);
  const moments = [faultMs, ...succeeded.toSorted((a, b) => a - b)];
  const silences = moments.map((ms, index) => ms - (moments[index - 1] ?? ms));
  const seconds = (values: readonly number[]): number => Math.max(0, ...values) / 1000;
  return {
    requests: after.length,
    refused: failed.filter(({ failedWith }) => failedWith === 503).length,
    unanswered: failed.filter(({ failedWith }) => failedWith === null).length,
    lastFailureSeconds: seconds(failed.map(({ endedMs }) => endedMs - faultMs)),
    silenceSeconds: seconds(silences),
    slowestSeconds: seconds(after.map(({ begunMs, endedMs }) => endedMs - begunMs)),
  };
}

/** One line per kind of fault: medians and the worst. */
export function feltTable(rounds: readonly { readonly fault: string; readonly felt: Felt }[]): string {
  const faults = [...new Set(rounds.map(({ fault }) => fault))];
  const lines = faults.map((fault) => {
    const of = rounds.filter((round) => round.fault === fault).map(({ felt }) => felt);
    const sum = (pick: (felt: Felt) => number): number => of.reduce((total, felt) => total + pick(felt), 0);
    const cells = [
      fault,
      String(of.length),
      String(sum((felt) => felt.requests)),
      String(sum((felt) => felt.refused)),
      String(sum((felt) => felt.unanswered)),
      medianAndWorst(of.map((felt) => felt.lastFailureSeconds)),
      medianAndWorst(of.map((felt) => felt.silenceSeconds)),
      medianAndWorst(of.map((felt) => felt.slowestSeconds)),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| killed | rounds | requests after it | answered 503 | connection broken | last failure after, s | nothing succeeded for, s | slowest request, s |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...lines,
  ].join('\n');
}

function medianAndWorst(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${median.toFixed(1)} (worst ${(sorted.at(-1) ?? 0).toFixed(1)})`;
}
