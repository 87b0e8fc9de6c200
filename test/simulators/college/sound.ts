import { expect } from 'vitest';
import type {
  CellValue,
  Change,
  ColumnShape,
  Row,
  SystemHistory,
  TableShape,
} from '../../../src/simulators/college/college.ts';

/** The state of a table at an instant, by key. */
export function stateAt(system: SystemHistory, table: TableShape, at: number): Map<string, Row> {
  const state = new Map<string, Row>();
  for (const { op, row } of system.changes(table, Number.NEGATIVE_INFINITY, at)) {
    if (op === 'U') state.set(keyOf(table.key, row), row);
    else state.delete(keyOf(table.key, row));
  }
  return state;
}

export function tableOf(system: SystemHistory, name: string): TableShape {
  const table = system.tables.find((shape) => `${shape.namespace}.${shape.name}` === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

export function rowsAt(system: SystemHistory, name: string, at: number): Row[] {
  return [...stateAt(system, tableOf(system, name), at).values()];
}

function keyOf(columns: readonly string[], row: Row): string {
  return columns.map((column) => String(row[column])).join('|');
}

/**
 * What the contract says of every change of a table: in order, one per key and instant, whole rows of the right
 * types, deletions of rows that were there. @returns how many changes there were
 */
export function checkChanges(system: SystemHistory, table: TableShape, after: number, upTo: number): number {
  const name = `${table.namespace}.${table.name}`;
  const columns = table.columns.map((column) => ({
    name: column.name,
    type: column.type,
    holds: holds(column),
  }));
  const live = new Map<string, number>();
  const faults = new Set<string>();
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const { at, op, row } of system.changes(table, after, upTo)) {
    const key = keyOf(table.key, row);
    count += 1;
    if (at < last || at <= after || at > upTo) faults.add('order');
    last = at;
    if (live.get(key) === at) faults.add('two changes of one key at one instant');
    if (op === 'D') {
      if (!live.delete(key)) faults.add('a row deleted that was not there');
      if (Object.keys(row).join() !== table.key.join()) faults.add('more than the key in a deletion');
      continue;
    }
    live.set(key, at);
    if (Object.keys(row).length !== columns.length) faults.add('columns');
    for (const column of columns) {
      const value = row[column.name];
      if (value === undefined || !column.holds(value)) faults.add(`${column.name} ${column.type}: ${value}`);
    }
  }
  expect([...faults], name).toEqual([]);
  return count;
}

/** Foreign keys that name no row at that instant. */
export function danglingReferences(system: SystemHistory, at: number): string[] {
  const states = new Map(
    system.tables.map((table) => [`${table.namespace}.${table.name}`, stateAt(system, table, at)]),
  );
  return system.tables.flatMap((table) =>
    (table.references ?? []).flatMap((reference) => {
      const parent = tableOf(system, `${reference.namespace}.${reference.table}`);
      const parents = states.get(`${parent.namespace}.${parent.name}`)!;
      const there = new Set([...parents.values()].map((row) => keyOf(reference.to, row)));
      return [...states.get(`${table.namespace}.${table.name}`)!.values()]
        .filter((row) => row[reference.columns[0]!] !== null && !there.has(keyOf(reference.columns, row)))
        .map((row) => `${table.name}(${keyOf(reference.columns, row)}) -> ${parent.name}`);
    }),
  );
}

const TEXT_FORMS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  time: /^\d{2}:\d{2}:\d{2}(\.\d+)?$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  bytea: /^\\x([0-9a-f]{2})*$/,
  interval: /\d/,
  inet: /^[0-9a-f.:]+$/,
  text: /^/,
};

type Test = (value: CellValue) => boolean;

function holds(column: ColumnShape): Test {
  const [, base, first, second] = /^([a-z ]+(?:\[\])?)(?:\((\d+)(?:,(\d+))?\))?$/.exec(column.type)!;
  const test = testOf(base!, Number(first), Number(second));
  return (value) => (value === null ? column.nullable === true : test(value));
}

function testOf(base: string, first: number, second: number): Test {
  const isWhole = (value: CellValue, bits: number) =>
    Number.isInteger(value) && Math.abs(value as number) < 2 ** bits;
  switch (base) {
    case 'bigint':
      return (value) => typeof value === 'bigint' && value < 2n ** 63n;
    case 'integer':
      return (value) => isWhole(value, 31);
    case 'smallint':
      return (value) => isWhole(value, 15);
    case 'real':
    case 'double precision':
      return (value) => Number.isFinite(value);
    case 'timestamp':
    case 'timestamptz':
      return (value) => isWhole(value, 41) && (value as number) > 1e12;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'numeric':
      return (value) => typeof value === 'string' && fits(value, first, second);
    case 'varchar':
      return (value) => typeof value === 'string' && [...value].length <= first;
    case 'char':
      return (value) => typeof value === 'string' && [...value].length === first;
    case 'text[]':
      return (value) => Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'jsonb':
      return (value) => typeof value === 'object' && !Array.isArray(value);
    default:
      return (value) => typeof value === 'string' && TEXT_FORMS[base]!.test(value);
  }
}

function fits(value: string, precision: number, scale: number): boolean {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(value);
  return (
    match !== null &&
    match[1]!.replace(/^0+/, '').length <= precision - scale &&
    (match[2] ?? '').length <= scale
  );
}

export function changesOf(system: SystemHistory, name: string, after: number, upTo: number): Change[] {
  return [...system.changes(tableOf(system, name), after, upTo)];
}
