import { escaped } from '../../escaped.ts';
import type { Json } from '../../json.ts';
import { type Answer, type Chart, shown } from '../answer.ts';

/** Points of a chart; more could not be told apart. */
const MOST_POINTS = 60;
const WIDTH = 640;
const ROW = 24;
const LABELS = 220;
const NUMBERS = 70;
const PLOT_HEIGHT = 220;
const MARGIN = 40;

export interface Point {
  readonly x: string;
  /** Absent: empty in the answer, and not drawn as nought. */
  readonly y?: number;
}

/** @returns undefined where the answer has no such columns */
export function pointsOf({ columns, rows }: Answer, { x, y }: Chart): Point[] | undefined {
  const at = [x, y].map((name) => columns.findIndex((column) => column.name === name)) as [number, number];
  if (at.includes(-1)) return undefined;
  return rows.slice(0, MOST_POINTS).map((row) => {
    const value = row[at[1]];
    const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
    return { x: shown(row[at[0]]), ...(Number.isFinite(number) ? { y: number } : {}) };
  });
}

/** One sentence for who does not see the chart. */
export function sentence(points: readonly Point[], { title, y }: Chart): string {
  const drawn = points.filter((point): point is Required<Point> => point.y !== undefined);
  if (drawn.length === 0) return `${title}: no values.`;
  const most = drawn.reduce((a, b) => (b.y > a.y ? b : a));
  const least = drawn.reduce((a, b) => (b.y < a.y ? b : a));
  const ends = most === least ? '' : `, ${least.y} at least (${least.x})`;
  return `${title}: ${y} is ${most.y} at most (${most.x})${ends}.`;
}

/** A chart of its own text: no script, no style sheet, colours by what the page has. */
export function svgChart(points: readonly Point[], chart: Chart): string {
  const { height, body } = chart.kind === 'bar' ? bars(points) : line(points);
  const said = sentence(points, chart);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(said)}" font-family="sans-serif" font-size="12" fill="currentColor">`,
    `<title>${escaped(said)}</title>`,
    ...body,
    '</svg>',
  ].join('\n');
}

const clip = (text: string, most: number): string =>
  [...text].length <= most ? text : `${[...text].slice(0, most - 1).join('')}…`;

const round = (n: number): number => Math.round(n * 100) / 100;

function bars(points: readonly Point[]): { height: number; body: string[] } {
  const values = points.map(({ y = 0 }) => y);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = high - low || 1;
  const room = WIDTH - LABELS - NUMBERS;
  const place = (value: number) => LABELS + ((value - low) / span) * room;
  const body = points.flatMap(({ x, y }, i) => {
    const middle = i * ROW + ROW / 2 + 4;
    const label = `<text x="${LABELS - 8}" y="${middle}" text-anchor="end">${escaped(clip(x, 34))}</text>`;
    if (y === undefined) return [label, `<text x="${round(place(0)) + 4}" y="${middle}">no value</text>`];
    const [from, to] = [Math.min(place(0), place(y)), Math.max(place(0), place(y))];
    return [
      label,
      `<rect x="${round(from)}" y="${i * ROW + 4}" width="${round(Math.max(1, to - from))}" height="${ROW - 8}" fill="#4a90d9"/>`,
      `<text x="${round(to) + 4}" y="${middle}">${y}</text>`,
    ];
  });
  return { height: Math.max(ROW, points.length * ROW), body };
}

function line(points: readonly Point[]): { height: number; body: string[] } {
  const values = points.flatMap(({ y }) => (y === undefined ? [] : [y]));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = high - low || 1;
  const step = (WIDTH - 2 * MARGIN - 20) / Math.max(1, points.length - 1);
  const across = (i: number) => round(MARGIN + 20 + i * step);
  const down = (value: number) => round(10 + (1 - (value - low) / span) * PLOT_HEIGHT);
  const body = [
    `<line x1="${MARGIN}" y1="${down(0)}" x2="${WIDTH - MARGIN}" y2="${down(0)}" stroke="currentColor" stroke-opacity="0.4"/>`,
    `<text x="${MARGIN - 4}" y="${down(high) + 4}" text-anchor="end">${high}</text>`,
    ...(low === high ? [] : [`<text x="${MARGIN - 4}" y="${down(low) + 4}" text-anchor="end">${low}</text>`]),
  ];
  // A gap stays a gap: pieces between points that have values.
  let piece: string[] = [];
  const end = () => {
    if (piece.length > 1)
      body.push(`<polyline points="${piece.join(' ')}" fill="none" stroke="#4a90d9" stroke-width="2"/>`);
    piece = [];
  };
  for (const [i, { y }] of points.entries()) {
    if (y === undefined) end();
    else {
      piece.push(`${across(i)},${down(y)}`);
      body.push(`<circle cx="${across(i)}" cy="${down(y)}" r="3" fill="#4a90d9"/>`);
    }
  }
  end();
  const named = [...new Set([0, points.length - 1])].filter((i) => i >= 0 && points[i] !== undefined);
  for (const i of named)
    body.push(
      `<text x="${across(i)}" y="${PLOT_HEIGHT + 34}" text-anchor="${i === 0 ? 'start' : 'end'}">${escaped(clip(points[i]!.x, 30))}</text>`,
    );
  return { height: PLOT_HEIGHT + 44, body };
}

/** The same chart for JupyterLab, with its data in it: https://vega.github.io/vega-lite/docs/spec.html */
export const vegaLite = (points: readonly Point[], { kind, x, y, title }: Chart): Json => ({
  $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
  title,
  description: sentence(points, { kind, x, y, title }),
  data: { values: points.map((point) => ({ x: point.x, y: point.y ?? null })) },
  mark: kind === 'bar' ? { type: 'bar' } : { type: 'line', point: true },
  encoding:
    kind === 'bar'
      ? {
          y: { field: 'x', type: 'nominal', title: x, sort: null },
          x: { field: 'y', type: 'quantitative', title: y },
        }
      : {
          x: { field: 'x', type: 'ordinal', title: x, sort: null },
          y: { field: 'y', type: 'quantitative', title: y },
        },
});
