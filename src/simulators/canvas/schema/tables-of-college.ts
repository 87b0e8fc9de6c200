import type { College, ColumnShape, TableShape } from '../../college/college.ts';
import { CANVAS_TABLES } from './canvas-tables.ts';
import { type DapColumn, type DapTable, type DapType, describe, type TableSpec } from './dap-types.ts';
import { WEB_LOGS } from './web-logs.ts';

const DESCRIBED: Readonly<Record<string, Readonly<Record<string, TableSpec>>>> = {
  canvas: CANVAS_TABLES,
  canvas_logs: { web_logs: WEB_LOGS },
};

/** A table as the server offers it, and the college's table behind it; undefined where the college has none. */
export interface OfferedTable {
  readonly table: DapTable;
  readonly shape: TableShape | undefined;
}

/**
 * Every table that the server offers: the described ones, with or without data, then whatever else the college
 * has. A described table also gets the columns that only the college knows.
 */
export function offeredTables(college: College): OfferedTable[] {
  const shapes = new Map(college.canvas.tables.map((s) => [`${s.namespace}.${s.name}`, s]));
  const described = Object.entries(DESCRIBED).flatMap(([namespace, specs]) =>
    Object.entries(specs).map(([name, spec]): OfferedTable => {
      const table = describe(namespace, name, spec);
      const shape = shapes.get(`${namespace}.${name}`);
      return { table: shape ? withColumnsOf(table, shape) : table, shape };
    }),
  );
  const known = new Set(described.map(({ table }) => `${table.namespace}.${table.name}`));
  const others = [...shapes]
    .filter(([id]) => !known.has(id))
    .map(([, shape]): OfferedTable => {
      const bare: DapTable = { namespace: shape.namespace, name: shape.name, columns: [] };
      return { table: withColumnsOf(bare, shape), shape };
    });
  return [...described, ...others];
}

function withColumnsOf(table: DapTable, shape: TableShape): DapTable {
  const known = new Set(table.columns.map((c) => c.name));
  const given = new Set(shape.columns.map((c) => c.name));
  const described = table.columns.map((c) =>
    given.has(c.name) || c.required ? c : { ...c, empty: true as const },
  );
  const added = shape.columns
    .filter((c) => !known.has(c.name))
    .map(
      (c): DapColumn => ({
        name: c.name,
        type: typeOfColumn(c),
        required: shape.key.includes(c.name) || c.nullable === false,
        section: shape.key.includes(c.name) ? 'key' : 'value',
      }),
    );
  const isKey = (c: DapColumn) => c.section === 'key';
  const all = [...described, ...added];
  return { ...table, columns: [...all.filter(isKey), ...all.filter((c) => !isKey(c))] };
}

const TYPES: readonly [RegExp, DapType][] = [
  [/^(bigint|int8|int64)$/, { kind: 'int64' }],
  [/^(integer|int|int4|int32|smallint|int2|int16)$/, { kind: 'int32' }],
  [/^(double precision|double|float8|float64|real|float4|number)$/, { kind: 'float64' }],
  [/^bool(ean)?$/, { kind: 'boolean' }],
  [/^(timestamp|datetime|date-time)/, { kind: 'timestamp' }],
  [/^date$/, { kind: 'date' }],
  [/^uuid$/, { kind: 'uuid' }],
  [/^(inet|ip)$/, { kind: 'ip' }],
  [/^(jsonb?|object)$/, { kind: 'json' }],
  [/^text$/, { kind: 'text' }],
];

/** The platform's type for a type that a college names, PostgreSQL's words or the platform's own. */
function typeOfColumn(column: ColumnShape): DapType {
  const name = column.type.trim().toLowerCase();
  const found = TYPES.find(([pattern]) => pattern.test(name));
  if (found) return found[1];
  const digits = /^(?:numeric|decimal)\((\d+),\s*(\d+)\)$/.exec(name);
  if (digits) return { kind: 'decimal', precision: Number(digits[1]), scale: Number(digits[2]) };
  const length = /^(?:varchar|character varying|char|string)\((\d+)\)$/.exec(name);
  return { kind: 'string', maxLength: length ? Number(length[1]) : 255 };
}
