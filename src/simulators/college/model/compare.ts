import { type Parameters, RESULTS, type Result } from './parameters.ts';

/** One measure of both bodies of students, and how far apart the two may lie. */
export interface Comparison {
  readonly what: string;
  readonly real: number;
  readonly generated: number;
  readonly bound: number;
  readonly unit: '%' | 'points' | '% of the course' | 'days';
}

const QUARTERS: readonly (readonly [name: string, place: number])[] = [
  ['lower quartile', 0.25],
  ['median', 0.5],
  ['upper quartile', 0.75],
];
/** Who leaves the college before its term leaves within these weeks; the university's lists open far earlier. */
const EARLIEST = -0.35;

/** Everything that the generated college promises to share with the measured students. */
export function compare(real: Parameters, generated: Parameters): Comparison[] {
  const rows: Comparison[] = [];
  const add = (
    what: string,
    unit: Comparison['unit'],
    bound: number,
    of: (parameters: Parameters) => number,
  ) => rows.push({ what, unit, bound, real: round(of(real)), generated: round(of(generated)) });
  const quarters = (
    what: string,
    unit: Comparison['unit'],
    bound: number,
    of: (p: Parameters) => readonly number[],
    times = 1,
  ) => {
    for (const [name, place] of QUARTERS)
      add(`${what}, ${name}`, unit, bound, (p) => times * at(of(p), place));
  };
  for (const result of RESULTS) add(`result: ${result}`, '%', 3, (p) => 100 * p.results[result]);
  for (const result of RESULTS)
    add(`work missing: ${result}`, '%', 5, (p) => 100 * p.byResult[result].missing);
  for (const result of RESULTS) add(`work late: ${result}`, '%', 3, (p) => 100 * p.byResult[result].late);
  for (const result of RESULTS) quarters(`score: ${result}`, 'points', 5, (p) => p.byResult[result].score);
  for (const result of ['Withdrawn', 'Fail'] satisfies Result[]) {
    quarters(
      `last work before silence: ${result}`,
      '% of the course',
      10,
      (p) => p.byResult[result].silent,
      100,
    );
  }
  quarters(
    'withdrawal',
    '% of the course',
    4,
    (p) => p.withdrawal.map((share) => Math.max(share, EARLIEST)),
    100,
  );
  quarters('late by', 'days', 2, (p) => p.lateDays);
  return rows;
}

/** The comparison as a Markdown table. */
export function asTable(rows: readonly Comparison[]): string {
  const cell = (value: number) => value.toFixed(1);
  return [
    '| measure | real | generated | may differ by |',
    '|---|---:|---:|---:|',
    ...rows.map(
      ({ what, real, generated, bound, unit }) =>
        `| ${what} (${unit}) | ${cell(real)} | ${cell(generated)} | ${bound} |`,
    ),
  ].join('\n');
}

function at(quantiles: readonly number[], share: number): number {
  return quantiles[Math.round(share * (quantiles.length - 1))]!;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
