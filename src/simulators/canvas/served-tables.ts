import type { Change, College } from '../college/college.ts';
import { notFound } from './api-errors.ts';
import type { DapTable } from './schema/dap-types.ts';
import { isThereAt, type SchemaChange, schemaAt } from './schema/schema-changes.ts';
import { offeredTables } from './schema/tables-of-college.ts';
import { TableHistory } from './table-history.ts';

const DAY_MS = 86_400_000;

/** One table as it is served: its schema through time, its rows through time, and what can be asked of it. */
export interface ServedTable {
  readonly namespace: string;
  readonly name: string;
  readonly history: TableHistory;
  /** How long the platform keeps a row; undefined: for good. */
  readonly retentionMs?: number;
  /** When the platform loaded the table again, epoch ms; increments from before each are refused. */
  readonly reloads: number[];
  /** When a snapshot was first asked for, epoch ms. */
  firstSnapshotAt?: number;
  schemaAt(at: number): { table: DapTable; version: number };
  /** Which rows the platform hands out at an instant: not those that a schema of the time keeps it from. */
  isThereAt(at: number): (change: Change) => boolean;
}

/** All tables of a college. Schema changes and reloads can be added while the server runs. */
export class ServedTables {
  readonly schemaChanges: SchemaChange[];
  readonly #tables = new Map<string, ServedTable>();

  constructor(college: College, schemaChanges: readonly SchemaChange[]) {
    this.schemaChanges = [...schemaChanges];
    for (const { table, shape } of offeredTables(college)) {
      const { namespace, name } = table;
      this.#tables.set(`${namespace}.${name}`, {
        namespace,
        name,
        history: new TableHistory(college.canvas, shape),
        // "canvas_logs" keeps 30 days (Instructure, "Limits & policies").
        ...(namespace === 'canvas_logs' ? { retentionMs: 30 * DAY_MS } : {}),
        reloads: [],
        schemaAt: (at) => schemaAt(table, this.schemaChanges, at),
        isThereAt: (at) => isThereAt(table, this.schemaChanges, at),
      });
    }
  }

  /** @throws ApiError 404 */
  list(namespace: string): string[] {
    const names = [...this.#tables.values()].filter((t) => t.namespace === namespace).map((t) => t.name);
    if (names.length === 0) throw notFound('namespace', namespace);
    return names.sort();
  }

  /** @throws ApiError 404 */
  get(namespace: string, name: string): ServedTable {
    const table = this.#tables.get(`${namespace}.${name}`);
    if (table) return table;
    this.list(namespace);
    throw notFound('table', name);
  }
}
