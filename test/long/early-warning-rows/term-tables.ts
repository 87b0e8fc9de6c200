import fc from 'fast-check';
import { changeState } from '../../../src/loads/dataset-state.ts';
import { writeModelRecord } from '../../../src/pipeline/model-record.ts';
import type { LocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import { dateOf, tablesOf, worlds } from '../../early-warning/worlds.ts';
import { withPassed } from '../../loads/states.ts';

export type Tables = Awaited<ReturnType<typeof tablesOf>>;

const TERM_COLUMNS = [
  { name: 'term_code', type: 'varchar' },
  { name: 'first_day', type: 'date' },
  { name: 'last_day', type: 'date' },
] as const;

const isModel = (table: string): boolean => table.startsWith('campus.');

/** The tables of a term with so many courses, the same each time. */
export async function termTables(engine: LocalEngine, courses: number): Promise<Tables> {
  const all = fc.sample(worlds, { numRuns: 1, seed: 3 })[0]!.slice(0, courses);
  const tables = await tablesOf(engine, all, [], 'v');
  const terms = [['T', dateOf(0), dateOf(100)]];
  tables['sis.registrar_terms'] = await engine.literalTable('sis.registrar_terms', TERM_COLUMNS, terms, 'v');
  return tables;
}

/** Loads of the sources' tables at that instant (ms) have passed. */
export async function loadsPassed(ledger: LedgerStore, tables: Tables, at: number): Promise<void> {
  const instant = new Date(at).toISOString();
  const time = { asOf: instant, loadedAt: instant };
  for (const [table, version] of Object.entries(tables))
    if (!isModel(table))
      await changeState(ledger, table, (state) => withPassed(state, version, 'r0', { time }));
}

/** The models that the run has built before early warning. */
export async function modelsBuilt(ledger: LedgerStore, run: string, tables: Tables): Promise<void> {
  for (const [table, version] of Object.entries(tables))
    if (isModel(table)) await writeModelRecord(ledger, { model: table.split('.')[1]!, run, version });
}
