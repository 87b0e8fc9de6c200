import type { Catalog } from '../campus/campus.ts';
import type { CampusFile } from '../campus/campus-schema.ts';
import type { Json } from '../json.ts';
import { readHeader } from '../models/header.ts';
import { wordsOf, writeModelRecord } from '../pipeline/model-record.ts';
import type { TableBuilder } from '../ports/query-engine.ts';
import type { Uses } from '../ports/step.ts';
import type { TableColumn, TableVersion } from '../ports/tables.ts';
import { treatmentOf } from '../privacy/treatment.ts';
import { liveSources } from './sources.ts';
import { headerOf, type LiveTable, rowsTable } from './tables.ts';

interface Deciding {
  readonly campus: Pick<CampusFile, 'privacy' | 'sources'>;
  readonly catalog: Pick<Catalog, 'datasets'>;
}

/** The columns of a table: who somebody is is a number, unless the catalog replaces it by a pseudonym, which is a text. */
export function columnsOf({ columns }: LiveTable, { campus, catalog }: Deciding): TableColumn[] {
  const names = new Set(liveSources(campus).map(({ name }) => name));
  const users = catalog.datasets.filter(({ source, table }) => names.has(source) && table === 'users');
  const isKept = users.every(({ columns: all }) => {
    const id = all.find(({ name }) => name === 'id');
    return id === undefined || treatmentOf(campus, id) === 'keep';
  });
  return columns.map(({ name, type, isPerson }) => ({ name, type: isPerson && !isKept ? 'varchar' : type }));
}

/** A version of a live table. */
export async function buildTable(
  engine: TableBuilder,
  table: LiveTable,
  columns: readonly TableColumn[],
  rows: readonly (readonly Json[])[],
  version: string,
): Promise<TableVersion> {
  const fitted = rows.map((row) => row.map((cell, i) => fitting(cell, columns[i]!)));
  const given = await engine.literalTable(rowsTable(table.name), columns, fitted, version);
  return engine.create(table.name, headerOf(table), { [rowsTable(table.name)]: given }, version);
}

const INT32 = 2n ** 31n;
const INT64 = 2n ** 63n;

/**
 * A value that its column can hold, else none: an id of somebody who is not known here, a number beyond 64 bits, a year of
 * six digits. One event with such a value would keep the table from being built for as long as it is in the log.
 */
function fitting(cell: Json, { type }: TableColumn): Json {
  if (typeof cell !== 'string') return type === 'bigint' ? null : cell;
  switch (type) {
    case 'bigint':
      return /^\d{1,19}$/.test(cell) && BigInt(cell) < INT64 ? cell : null;
    case 'integer':
      return BigInt(cell) >= -INT32 && BigInt(cell) < INT32 ? cell : null;
    case 'timestamp':
      return /^\d{4}-/.test(cell) ? cell : null;
    default:
      // Half of a surrogate pair is no Unicode.
      return cell.replace(/\p{Surrogate}/gu, '\ufffd');
  }
}

/** Builds a table and keeps it for the next publication. @returns the name of its record */
export async function buildAndKeep(
  lake: Uses<'campus' | 'catalog' | 'engine' | 'ledger' | 'clock'>,
  table: LiveTable,
  rows: readonly (readonly Json[])[],
  run: string,
): Promise<string> {
  const { engine, ledger, clock } = lake.platform;
  const version = await buildTable(engine, table, columnsOf(table, lake), rows, run);
  await writeModelRecord(ledger, {
    model: table.name,
    run,
    version,
    builtAt: new Date(clock.now()).toISOString(),
    sources: [],
    header: wordsOf(readHeader(headerOf(table))),
  });
  return table.name;
}
