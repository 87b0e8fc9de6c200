import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Answer, Page } from '../../answers.ts';
import { read } from '../api.ts';
import { count } from '../parts/words.tsx';
import { isNumber } from './result-table.tsx';

const MOST = 1000;
const MOST_LINES = 4;
const HEIGHT = 260;
const COLOURS = ['#2a6fb5', '#c25e00', '#5b8c2a', '#8a4fb0'];

/** Which columns can be drawn: numbers, over the first column that is none of them, or over the row's place. */
export function drawable({
  columns,
  rows,
}: Answer): { readonly x: number; readonly y: readonly number[] } | undefined {
  const numbers = columns.flatMap(({ type }, i) => (isNumber(type) ? [i] : []));
  const x = columns.findIndex(({ type }) => /^(date|timestamp)/.test(type));
  const over = x >= 0 ? x : columns.findIndex(({ type }) => !isNumber(type));
  const y = (over < 0 ? numbers.slice(1) : numbers).slice(0, MOST_LINES);
  return rows < 2 || y.length === 0 ? undefined : { x: over < 0 ? numbers[0]! : over, y };
}

/** The first rows as lines or bars. The table next to it says the same to who does not see it. */
export function Chart({ answer }: { answer: Answer }) {
  const place = useRef<HTMLDivElement>(null);
  const what = drawable(answer);
  const { id, columns, rows } = answer;
  useEffect(() => {
    if (!what) return;
    let plot: uPlot | undefined;
    const left = new AbortController();
    const draw = async () => {
      const [{ default: Plot }, page] = await Promise.all([
        import('uplot'),
        read<Page>(`/api/answers/${id}/rows?from=0&count=${MOST}`, left.signal),
      ]);
      if (left.signal.aborted || !place.current) return;
      plot = new Plot(...plotOf(Plot, answer, what, page, place.current.clientWidth), place.current);
    };
    draw().catch(() => {});
    return () => {
      left.abort();
      plot?.destroy();
    };
  }, [id, rows >= MOST]);
  if (!what)
    return <p class="empty">There is nothing to draw: a chart needs two rows and a column of numbers.</p>;
  const names = what.y.map((i) => columns[i]!.name).join(', ');
  return (
    <figure>
      <div ref={place} aria-hidden="true" class="plot" />
      <figcaption class="quiet">
        {names} by {columns[what.x]!.name}
        {rows > MOST ? `, the first ${count(MOST)} of ${count(rows)} rows` : ''}
      </figcaption>
    </figure>
  );
}

function plotOf(
  Plot: typeof uPlot,
  { columns }: Answer,
  { x, y }: { readonly x: number; readonly y: readonly number[] },
  { rows }: Page,
  width: number,
): [uPlot.Options, uPlot.AlignedData] {
  const isTime = /^(date|timestamp)/.test(columns[x]!.type);
  const isPlace = !isTime && !isNumber(columns[x]!.type);
  const sorted = isPlace ? rows : [...rows].sort((a, b) => xOf(a[x], isTime) - xOf(b[x], isTime));
  const xs = sorted.map((row, i) => (isPlace ? i : xOf(row[x], isTime)));
  const ys = y.map((i) =>
    sorted.map((row) => (row[i] === null || row[i] === undefined ? null : Number(row[i]))),
  );
  const ink = getComputedStyle(document.body).color;
  const label = (i: number): string => String(sorted[Math.round(i)]?.[x] ?? '');
  const axis = {
    stroke: ink,
    grid: { stroke: 'rgba(128,128,128,.25)' },
    ticks: { stroke: 'rgba(128,128,128,.4)' },
  };
  return [
    {
      width,
      height: HEIGHT,
      scales: { x: { time: isTime } },
      axes: [
        isPlace
          ? { ...axis, values: (_: uPlot, at: number[]) => at.map(label), incrs: [1, 2, 5, 10, 50, 100] }
          : axis,
        axis,
      ],
      series: [
        { label: columns[x]!.name, ...(isPlace ? { value: (_: uPlot, i: number) => label(i) } : {}) },
        ...y.map((i, n) => ({
          label: columns[i]!.name,
          stroke: COLOURS[n]!,
          fill: isPlace ? `${COLOURS[n]!}66` : undefined,
          ...(isPlace ? { paths: Plot.paths.bars!({ size: [0.7, 60] }) } : {}),
        })),
      ],
    },
    [xs, ...ys] as uPlot.AlignedData,
  ];
}

const xOf = (value: unknown, isTime: boolean): number =>
  isTime
    ? Date.parse(`${String(value).replace(' ', 'T').slice(0, 23)}${String(value).length > 10 ? 'Z' : ''}`) /
      1000
    : Number(value);
