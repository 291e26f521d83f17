// Lines or columns over time, drawn by uPlot in the colours of the theme. What it shows stands in a table beside it for
// those who do not see it.
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Series } from '../../reports/measures.ts';
import classes from './reports.module.css';

export type ChartProps = {
  label: string;
  times: readonly string[];
  series: readonly Series[];
  form: 'line' | 'column';
  /** of an axis and of values */
  format: (value: number) => string;
  isBytes: boolean;
  /** which time the pointer is at; null: none */
  onPoint: (slot: number | null) => void;
};

const HEIGHT = 300;
const FONT = '12px "Inter Variable", system-ui, sans-serif';

// Of what the lines of the grid may be multiples: whole numbers, round as they are written.
const DECIMAL_STEPS = Array.from({ length: 15 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
const BINARY_STEPS = Array.from({ length: 52 }, (_, power) => 2 ** power);

type Points = (number | null)[];

/** Columns stand on each other: each series is drawn with all before it added, the last first. */
function stacked(series: readonly Series[], slots: number): Points[] {
  const sums: number[] = Array.from({ length: slots }, () => 0);
  return series.map(({ values }) =>
    sums.map((sum, slot) => {
      const next = sum + (values[slot] ?? 0);
      sums[slot] = next;
      return next;
    }),
  );
}

export function Chart(props: ChartProps) {
  const { label, times, series, form } = props;
  const { ref, width } = useElementSize();
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const merged = useMergedRef<HTMLDivElement>(ref, setHost);
  const scheme = useComputedColorScheme('light');
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (host === null || width === 0) return;
    const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const chart = new uPlot(optionsOf({ width, series, form, color, latest }), dataOf(times, series, form), host);
    return () => chart.destroy();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- its colours are read from the page
  }, [host, width, times, series, form, scheme]);
  return <div ref={merged} className={classes['chart'] ?? ''} role="img" aria-label={label} />;
}

function dataOf(times: readonly string[], series: readonly Series[], form: ChartProps['form']): uPlot.AlignedData {
  const seconds = times.map((time) => Date.parse(time) / 1000);
  const values = form === 'column' ? stacked(series, times.length).toReversed() : series.map((one) => [...one.values]);
  return [seconds, ...values];
}

type Wanted = {
  width: number;
  series: readonly Series[];
  form: ChartProps['form'];
  color: (name: string) => string;
  latest: { readonly current: ChartProps };
};

function optionsOf({ width, series, form, color, latest }: Wanted): uPlot.Options {
  const shown = series.map((one, place) => ({ one, stroke: color(`--vs-chart-${place + 1}`) }));
  if (form === 'column') shown.reverse();
  const bars = uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.15 });
  const grid = { stroke: color('--vs-line'), width: 1 };
  const axis = { stroke: color('--vs-ink-3'), font: FONT, grid, ticks: { show: false } };
  const format = (value: number): string => latest.current.format(value);
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    padding: [12, 28, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { y: { range: (_chart, _min, max) => [0, max > 0 ? max * 1.08 : 1] } },
    axes: [
      { ...axis, gap: 8, grid: { show: false }, values: dayLabels },
      {
        ...axis,
        size: 84,
        incrs: latest.current.isBytes ? BINARY_STEPS : DECIMAL_STEPS,
        values: (_chart, splits) => (latest.current.isBytes ? byteLabels(splits, format) : splits.map(format)),
      },
    ],
    series: [
      {},
      ...shown.map(({ one, stroke }) => ({
        label: one.label,
        stroke,
        width: form === 'column' ? 0 : 2,
        spanGaps: false,
        points: { show: form === 'line' && one.values.filter((value) => value !== null).length < 3, size: 6 },
        ...(form === 'column' && bars !== undefined ? { fill: stroke, paths: bars } : {}),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => latest.current.onPoint(cursor.idx ?? null)] },
  };
}

const two = (value: number): string => String(value).padStart(2, '0');

/** In one unit, that of the largest, and without decimals that say nothing: `0.5 TB`, `1 TB`. */
function byteLabels(splits: readonly number[], format: (bytes: number) => string): string[] {
  const largest = Math.max(1, ...splits);
  const power = Math.floor(Math.log2(largest) / 10);
  const unit = format(largest).split(' ').at(-1) ?? '';
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  return splits.map((bytes) => `${number.format(bytes / 1024 ** power)} ${unit}`);
}

/** dd/MM, and the hour where days are told apart by it. */
function dayLabels(_chart: uPlot, splits: readonly number[]): string[] {
  return splits.map((seconds) => {
    const time = new Date(seconds * 1000);
    const isMidnight = time.getHours() === 0 && time.getMinutes() === 0;
    const day = `${two(time.getDate())}/${two(time.getMonth() + 1)}`;
    return isMidnight ? day : `${two(time.getHours())}:${two(time.getMinutes())}`;
  });
}
