// The figures as text: what was wanted and what is, then everything that was measured.
import { caseName } from '../table/cases.ts';
import type { Cell, Measured } from '../table/measure.ts';
import { limitsOf } from './limits.ts';
import { describe, type Row, table } from './markdown.ts';
import type { Results } from './results.ts';

export function figuresPage(results: Partial<Results>): string {
  const limits = limitsOf(results);
  const kept = limits.filter(({ is }) => is).length;
  return [
    '## What was wanted',
    `${kept} of ${limits.length} are reached.`,
    table(
      ['what', 'wanted', 'measured', ''],
      limits.map(({ what, wanted, measured, is }) => [what, wanted, measured, is ? '✓' : '✗']),
    ),
    ...runsOf(results),
    ...(results.table === undefined ? [] : ['## Every operation', ...tables(results.table.measured)]),
    ...(results.growth === undefined ? [] : ['## Growth', growthTable(results.growth)]),
    ...(results.memory === undefined ? [] : ['## Memory', memoryText(results.memory)]),
    ...(results.start === undefined ? [] : ['## Start', startText(results.start)]),
  ].join('\n\n');
}

/** Parts may be of different runs. */
function runsOf(results: Partial<Results>): string[] {
  const texts = Object.entries(results).map(([part, { environment, workers }]) => ({
    part,
    text: describe(environment, workers),
  }));
  const distinct = [...new Set(texts.map(({ text }) => text))];
  return distinct.map((text) => {
    const parts = texts.filter((one) => one.text === text).map(({ part }) => part);
    return `${parts.join(', ')}: ${text}`;
  });
}

const HEAD: Row = ['server', 'per second', 'MB/s', 'median ms', 'p99 ms', 'CPU s per 1,000', 'peak MiB'];

function tables(measured: readonly Measured[]): string[] {
  return measured.map((one) => `**${caseName(one.case)}**\n\n${table(HEAD, one.cells.map(cellRow))}`);
}

const figure = (value: number | null): string => {
  if (value === null) return '';
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
};

function cellRow(cell: Cell): Row {
  const { target, perSecond, bytesPerSecond, medianMs, p99Ms, cpuSecondsPer1000, peakMiB } = cell;
  return [target, ...[perSecond, bytesPerSecond / 1e6, medianMs, p99Ms, cpuSecondsPer1000, peakMiB].map(figure)];
}

function growthTable({ operations, objects, small }: Results['growth']): string {
  const count = (objectsCount: number): string => `with ${objectsCount.toLocaleString('en')} objects`;
  return table(
    ['16 connections', count(small), count(objects), 'ratio'],
    operations.map(({ operation, smallPerSecond, largePerSecond, ratio }) => [
      operation,
      `${figure(smallPerSecond)}/s`,
      `${figure(largePerSecond)}/s`,
      ratio.toFixed(2),
    ]),
  );
}

function memoryText(memory: Results['memory']): string {
  const { idleMiB, idleOwnMiB, uploadPeakMiB, uploads, uploadBytesPerSecond, afterMiB } = memory;
  const list = (values: readonly number[]): string => `${values.join(' and ')} MiB`;
  return (
    `Workers after the start: ${list(idleMiB)} resident, of that ${list(idleOwnMiB)} their own (the rest is the program's ` +
    `file, which they share). ${uploads} uploads at once, ${figure(uploadBytesPerSecond / 1e6)} MB/s together: at most ` +
    `${list(uploadPeakMiB)}; ten seconds later ${list(afterMiB)}.`
  );
}

function startText({ few, many }: Results['start']): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  return (
    `From the command until every worker takes requests, the median of ${many.rounds.length}: ` +
    `${seconds(few.medianMs)} with ${few.objects.toLocaleString('en')} objects, ` +
    `${seconds(many.medianMs)} with ${many.objects.toLocaleString('en')}.`
  );
}
