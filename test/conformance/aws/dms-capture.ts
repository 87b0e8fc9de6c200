import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type pg from 'pg';
import type { Json } from '../../../src/json.ts';
import { duckType } from '../../../src/platform/local/duckdb/types.ts';
import type { ObjectStore } from '../../../src/ports/objects.ts';
import { inspectSis } from '../../../src/sis/inspect.ts';
import { evaluateMappings, type MappedTable } from '../../../src/sis/mapping/evaluate.ts';
import { parseMappings } from '../../../src/sis/mapping/parse.ts';
import { type LoggedChange, parseChange } from './dms-log.ts';

type Rule = { readonly [key: string]: Json };

/** The mappings without what only DMS itself knows; and whether they ask for the order of changes. */
export function readRules(mappings: string): { known: Json; sequence?: string } {
  const { rules } = JSON.parse(mappings) as { rules: Rule[] };
  const added = rules.find((rule) => rule['rule-action'] === 'add-column');
  const known = { rules: rules.filter((rule) => rule !== added) };
  return added?.expression === '$AR_H_CHANGE_SEQ' ? { known, sequence: String(added.value) } : { known };
}

export interface CaptureOptions {
  readonly admin: pg.Client;
  readonly objects: ObjectStore;
  /** For files on their way. */
  readonly root: string;
}

/**
 * Follows the log of a PostgreSQL by slots of its own, as DMS does, and writes what it finds as DMS's change files.
 */
export class LogCapture {
  readonly #options: CaptureOptions;
  #counter = 0;
  #lastFile = 0;

  constructor(options: CaptureOptions) {
    this.#options = options;
  }

  /** From here on nothing is missed. */
  async begin(slot: string): Promise<void> {
    await this.#options.admin.query("SELECT pg_create_logical_replication_slot($1, 'test_decoding')", [slot]);
  }

  async end(slot: string): Promise<void> {
    await this.#options.admin.query(
      'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
      [slot],
    );
  }

  /** Writes everything that was committed since the last time: for each table one file with its changes. */
  async flush(slot: string, mappings: string, folder: string, tables: ReadonlySet<string>): Promise<void> {
    const { admin } = this.#options;
    const { rows } = await admin.query<{ data: string }>(
      'SELECT data FROM pg_logical_slot_get_changes($1, NULL, NULL)',
      [slot],
    );
    const { known, sequence } = readRules(mappings);
    const { tables: mapped } = evaluateMappings(parseMappings(known), await inspectSis(admin));
    const byTable = new Map<MappedTable, { change: LoggedChange; place: number }[]>();
    for (const { data } of rows) {
      const change = parseChange(data);
      if (!change) continue;
      const place = ++this.#counter;
      const table = mapped.find(
        ({ source }) => source.schema === change.schema && source.name === change.table,
      );
      if (!table || !tables.has(`${change.schema}.${change.table}`)) continue;
      byTable.set(table, [...(byTable.get(table) ?? []), { change, place }]);
    }
    for (const [table, changes] of byTable) {
      await this.#write(
        `${folder}/${table.schema}/${table.name}/${this.#fileName()}`,
        table,
        changes,
        sequence,
      );
    }
  }

  async #write(
    key: string,
    table: MappedTable,
    changes: readonly { change: LoggedChange; place: number }[],
    sequence: string | undefined,
  ): Promise<void> {
    const { objects, root } = this.#options;
    const list = table.columns.map(
      ({ name, travel }) => `CAST("${name}" AS ${duckType(travel.lake)}) AS "${name}"`,
    );
    const names = ['op', 'seq', ...table.columns.map(({ name }) => name)];
    const rows = changes.map(({ change, place }) => {
      const values = table.columns.map(({ source }) => change.values.get(source) ?? null);
      return `(${[change.op, `2026112203000000${String(place).padStart(19, '0')}`, ...values].map(literal).join(', ')})`;
    });
    const file = path.join(root, `changes-${++this.#lastFile}.parquet`);
    const database = await DuckDBInstance.create();
    const connection = await database.connect();
    const added = sequence === undefined ? '' : `, seq AS "${sequence}"`;
    await connection.run(
      `COPY (SELECT op AS "Op", '2026-11-22 03:00:00.000000' AS dms_commit_time, ${list.join(', ')}${added}
        FROM (VALUES ${rows.join(', ')}) AS t(${names.map((name) => `"${name}"`).join(', ')})) TO '${file}' (FORMAT parquet)`,
    );
    connection.closeSync();
    database.closeSync();
    await objects.put(key, createReadStream(file));
    await rm(file);
  }

  /** Names rise by a second, however fast the tests are. */
  #fileName(): string {
    const at = new Date(Date.UTC(2026, 10, 22, 3) + ++this.#lastFile * 1_000);
    const digits = at.toISOString().replaceAll(/\D/g, '');
    return `${digits.slice(0, 8)}-${digits.slice(8)}.parquet`;
  }
}

const literal = (value: string | null): string =>
  value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
