import type { Json } from '../json.ts';
import { ANSWER_TYPE, type Answer, answerSchema } from './answer.ts';
import { type Cell, type Notebook, type Output, wholeText } from './format.ts';

/** How two numbers may differ and still be one: by this part of the greater. */
const TOLERANCE = 1e-9;

export interface CellDifference {
  readonly id: string;
  readonly change: 'added' | 'removed' | 'source' | 'result' | 'failed' | 'works-again' | 'not-run';
  /** In words, with counts and names of columns alone: no value of a row. */
  readonly text: string;
}

export interface CompareOptions {
  /** Default: one part in a thousand million. */
  readonly tolerance?: number;
}

/**
 * What a run has found otherwise than the one before. Results are compared by meaning: rows as a set where the statement
 * does not order them, numbers within a tolerance, and not by how they are drawn.
 */
export function compareRuns(
  before: Notebook,
  after: Notebook,
  { tolerance = TOLERANCE }: CompareOptions = {},
): CellDifference[] {
  const old = new Map(before.cells.map((cell) => [cell.id, cell]));
  const now = new Set(after.cells.map(({ id }) => id));
  const removed = before.cells
    .filter(({ id, cell_type }) => cell_type === 'code' && !now.has(id))
    .map(({ id }): CellDifference => ({ id, change: 'removed', text: 'the cell is gone' }));
  return [
    ...after.cells.flatMap((cell) => differenceOf(old.get(cell.id), cell, tolerance) ?? []),
    ...removed,
  ];
}

function differenceOf(before: Cell | undefined, after: Cell, tolerance: number): CellDifference | undefined {
  const { id } = after;
  if (after.cell_type !== 'code') return undefined;
  if (before?.cell_type !== 'code') return { id, change: 'added', text: 'the cell is new' };
  const source = wholeText(after.source);
  if (wholeText(before.source).trim() !== source.trim())
    return { id, change: 'source', text: 'the cell asks something else' };
  const failed = [before, after].map(({ outputs }) => outputs.some(isError)) as [boolean, boolean];
  if (failed[0] !== failed[1])
    return failed[1]
      ? { id, change: 'failed', text: 'the cell fails now' }
      : { id, change: 'works-again', text: 'the cell does not fail any more' };
  if (after.execution_count === null && before.execution_count !== null)
    return { id, change: 'not-run', text: 'the cell was not run' };
  // Before its first run a cell has no result that could differ.
  if (before.execution_count === null) return undefined;
  const [was, is] = [answersOf(before.outputs), answersOf(after.outputs)];
  const isOrdered = /\border\s+by\b/i.test(source);
  if (was.length !== is.length)
    return { id, change: 'result', text: `${is.length} results in place of ${was.length}` };
  for (const [i, one] of is.entries()) {
    const text = answerDifference(was[i]!, one, { tolerance, isOrdered });
    if (text !== undefined) return { id, change: 'result', text };
  }
  return textsOf(before.outputs) === textsOf(after.outputs)
    ? undefined
    : { id, change: 'result', text: 'the text that it prints' };
}

const isError = ({ output_type }: Output): boolean => output_type === 'error';

const answersOf = (outputs: readonly Output[]): Answer[] =>
  outputs.flatMap((output) => {
    if (!('data' in output)) return [];
    const read = answerSchema.safeParse(output.data[ANSWER_TYPE]);
    return read.success ? [read.data] : [];
  });

/** What is printed, and shown without an answer behind it. */
const textsOf = (outputs: readonly Output[]): string =>
  outputs
    .map((output) => {
      if (output.output_type === 'stream') return wholeText(output.text);
      if (!('data' in output) || ANSWER_TYPE in output.data) return '';
      const { 'text/plain': plain } = output.data;
      return typeof plain === 'string' ? plain : Array.isArray(plain) ? plain.join('') : '';
    })
    .join('\n');

interface Means {
  readonly tolerance: number;
  readonly isOrdered: boolean;
}

function answerDifference(was: Answer, is: Answer, means: Means): string | undefined {
  const names = [was, is].map(({ columns }) => columns.map(({ name }) => name));
  if (names[0]!.join('\n') !== names[1]!.join('\n')) return `columns: ${names[1]!.join(', ')}`;
  if (was.rows.length !== is.rows.length) return `${is.rows.length} rows in place of ${was.rows.length}`;
  const [left, right] = means.isOrdered ? [was.rows, is.rows] : withoutPartners(was.rows, is.rows);
  let rows = 0;
  const columns = new Set<string>();
  for (const [i, row] of right.entries()) {
    const other = left[i]!;
    const differing = names[1]!.filter((_, at) => !isSame(other[at], row[at], means.tolerance));
    if (differing.length > 0) rows++;
    for (const name of differing) columns.add(name);
  }
  return rows === 0 ? undefined : `${rows} of ${is.rows.length} rows differ, in ${[...columns].join(', ')}`;
}

/** What is left of both when each row is taken out with one of the other that is alike, in an order of its own. */
function withoutPartners(was: Answer['rows'], is: Answer['rows']): [Answer['rows'], Answer['rows']] {
  const there = new Map<string, Answer['rows']>();
  for (const row of was) there.set(keyOf(row), [...(there.get(keyOf(row)) ?? []), row]);
  const right: Answer['rows'] = [];
  for (const row of is) if (there.get(keyOf(row))?.pop() === undefined) right.push(row);
  // Rows that are alike may still differ by more than the tolerance: then they are compared one by one.
  const left = [...there.values()].flat();
  const all = left.length === 0 && right.length === 0;
  return all ? [sorted(was), sorted(is)] : [sorted(left), sorted(right)];
}

const sorted = (rows: Answer['rows']): Answer['rows'] =>
  rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);

/** Small differences of numbers do not change it, but where they are at an edge. */
const keyOf = (row: readonly Json[]): string => JSON.stringify(row.map(rounded));

const rounded = (value: Json): Json => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);

function isSame(a: Json | undefined, b: Json | undefined, tolerance: number): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
