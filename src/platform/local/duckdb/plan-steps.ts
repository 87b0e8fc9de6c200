import type { PlanStep } from '../../../ports/query-engine.ts';

/** A node of DuckDB's plan: as EXPLAIN gives it, and as EXPLAIN ANALYZE does. */
export interface PlanNode {
  readonly name?: string;
  readonly operator_name?: string;
  readonly operator_timing?: number;
  readonly operator_cardinality?: number;
  readonly extra_info?: { readonly [name: string]: unknown };
  readonly children?: readonly PlanNode[];
}

/** DuckDB's operators in plain words; those of one line are by how their names begin. */
const WORDS: readonly (readonly [name: RegExp, does: string])[] = [
  [/(READ_PARQUET|PARQUET_SCAN|TABLE_SCAN)/, 'read'],
  [/CROSS_PRODUCT/, 'pair every row with every other'],
  [/(NESTED_LOOP|BLOCKWISE_NL|IE_JOIN|PIECEWISE)/, 'join by comparing rows one by one'],
  [/(HASH_JOIN|MERGE_JOIN|ASOF_JOIN|DELIM_JOIN)/, 'join by equal keys'],
  [/GROUP_BY/, 'group'],
  [/UNGROUPED_AGGREGATE/, 'aggregate all rows into one'],
  [/TOP_N/, 'sort, and keep the first rows'],
  [/ORDER_BY/, 'sort'],
  [/LIMIT/, 'keep the first rows'],
  [/WINDOW/, 'compute window functions'],
  [/^FILTER/, 'keep the rows that fit a condition'],
  [/UNION/, 'put the rows of several queries together'],
  [/UNNEST/, 'make rows of arrays'],
  [
    /(CTE_SCAN|DELIM_SCAN|COLUMN_DATA_SCAN|DUMMY_SCAN|EXPRESSION_SCAN|VALUES)/,
    'take rows from within the statement',
  ],
  [/^(REC)?(URSIVE_)?CTE/, 'keep the rows of a WITH query'],
  [/EMPTY_RESULT/, 'no row can fit: nothing is read'],
];

/** What only renames or computes columns, or belongs to EXPLAIN itself. */
const SILENT = /^(PROJECTION|EXPLAIN_ANALYZE|RESULT_COLLECTOR|QUERY|ROOT)/;

/** The steps of a plan, the last one first, in plain words. Nothing of what DuckDB says of values is taken over. */
export function planSteps(
  node: PlanNode,
  tableOf: (node: PlanNode) => string | undefined,
  depth = 0,
): PlanStep[] {
  const name = (node.operator_name ?? node.name ?? '').trim();
  const isSilent = name === '' || SILENT.test(name);
  const below = (node.children ?? []).flatMap((child) =>
    planSteps(child, tableOf, isSilent ? depth : depth + 1),
  );
  return isSilent
    ? below
    : [{ depth, does: inWords(name, node, tableOf(node)), ...measured(node) }, ...below];
}

function inWords(name: string, node: PlanNode, table: string | undefined): string {
  const words = WORDS.find(([shape]) => shape.test(name))?.[1] ?? 'another step';
  const join = node.extra_info?.['Join Type'];
  if (words.startsWith('join') && typeof join === 'string') return `${words} (${join.toLowerCase()})`;
  if (words !== 'read') return words;
  const filtered = node.extra_info?.Filters === undefined ? '' : ', only rows that can fit the condition';
  return `read ${table ?? 'a table'}${filtered}`;
}

function measured({ operator_timing: seconds, operator_cardinality: rows, extra_info }: PlanNode) {
  if (seconds !== undefined) return { seconds, ...(rows === undefined ? {} : { rows }) };
  const estimate = Number(extra_info?.['Estimated Cardinality']);
  return Number.isFinite(estimate) ? { estimatedRows: estimate } : {};
}

/** The names of the columns that a scan reads. */
export function scannedColumns({ extra_info: extra = {} }: PlanNode): string[] {
  const projected = extra.Projections;
  return Array.isArray(projected) ? projected.map(String) : typeof projected === 'string' ? [projected] : [];
}
