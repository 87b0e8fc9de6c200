import type pg from 'pg';
import type { TableSet, TableVersion } from '../../../ports/tables.ts';
import type { TableNotes, WarehouseNotes } from '../../../ports/warehouse.ts';
import { fillTable } from './fill-table.ts';
import { type Filling, isUntouched, type KeptFilling, keepFilling, versionMark } from './fillings.ts';
import type { ServedTable } from './served-tables.ts';
import { type Change, changeOf, type Structure, wantedStructure } from './structure.ts';
import type { CsvWriter, TableCsv } from './table-csv.ts';

/** A table whose rows are at hand, and how it has to change for them. */
export interface Pending {
  readonly version: TableVersion;
  readonly filling: Filling;
  /** Absent where the table holds these rows already and stays as it is. */
  readonly csv?: TableCsv;
  readonly now?: ServedTable;
  readonly wanted: Structure;
  readonly change?: Change;
}

const NO_NOTES: TableNotes = { columns: {}, key: [], filled: [], references: [] };

const UNCHANGED: Change = {
  add: [],
  drop: [],
  remake: [],
  widen: [],
  setNotNull: [],
  dropNotNull: [],
  dropKey: false,
  addKey: false,
};

/** The warehouse before a load. */
export interface Standing {
  readonly shown: ReadonlyMap<string, ServedTable>;
  readonly waiting: ReadonlyMap<string, ServedTable>;
  readonly fillings: ReadonlyMap<string, KeptFilling>;
}

/**
 * The tables one after another, smallest first, each while the file of the next is being written. A table that holds
 * its version already, and whose columns stay, gets no file.
 */
export async function* prepared(
  client: pg.Client,
  writer: CsvWriter,
  tables: TableSet,
  notes: WarehouseNotes,
  standing: Standing,
): AsyncGenerator<Pending> {
  const order = Object.values(tables).toSorted(
    (a, b) => a.rows * a.columns.length - b.rows * b.columns.length,
  );
  const begin = (version: TableVersion | undefined) => {
    const preparing = version && prepare(writer, version, notes[version.table] ?? NO_NOTES, standing);
    preparing?.catch(() => undefined);
    return preparing;
  };
  let next = begin(order[0]);
  try {
    for (const [i, version] of order.entries()) {
      const pending = await next!;
      next = begin(order[i + 1]);
      const kept = standing.fillings.get(version.table);
      if (pending.csv || (kept && (await isUntouched(client, version.table, kept)))) yield pending;
      else yield { ...pending, csv: await writer.write(version) };
    }
  } finally {
    // Where the load broke off, a file is still being written.
    await next?.then(
      ({ csv }) => csv?.remove(),
      () => undefined,
    );
  }
}

async function prepare(
  writer: CsvWriter,
  version: TableVersion,
  notes: TableNotes,
  { shown, waiting, fillings }: Standing,
): Promise<Pending> {
  const now = shown.get(version.table) ?? waiting.get(version.table);
  const mark = versionMark(version, notes);
  const kept = now && fillings.get(version.table);
  const { facts, content } = kept?.version === mark ? kept : await writer.facts(version, notes);
  const holds = kept?.content === content;
  const wanted = wantedStructure(version.columns, notes, facts, now);
  const change = (now && changeOf(now, wanted)) ?? (now && !shown.has(version.table) ? UNCHANGED : undefined);
  const csv = holds && !change ? undefined : await writer.write(version);
  return { version, filling: { version: mark, content, facts }, csv, now, wanted, change };
}

/** Fills a table, and keeps with what. @returns rows */
export async function fill(client: pg.Client, { version, filling, csv }: Pending): Promise<number> {
  const rows = await fillTable(client, version, csv!);
  await keepFilling(client, version.table, filling, rows);
  return rows;
}
