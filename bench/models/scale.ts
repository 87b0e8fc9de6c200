import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { versionSelect } from '../../src/platform/local/duckdb/version-sql.ts';
import type { TableColumn, TableSet, TableVersion } from '../../src/ports/tables.ts';

/** Tables that every copy of the college shares: terms and what is said of them, the catalogue. */
const SHARED = new Set([
  'canvas.enrollment_terms',
  'canvas.enrollment_dates_overrides',
  'sis.registrar_terms',
  'sis.registrar_programs',
  'sis.registrar_courses',
]);
/** Ids of what the copies share. */
const KEPT = new Set(['enrollment_term_id', 'role_id', 'root_account_id', 'account_id', 'grading_period_id']);
/** Ids that are texts. */
const TEXT_IDS = new Set([
  'student_id',
  'person_id',
  'advisor_id',
  'instructor_id',
  'sis_user_id',
  'sis_source_id',
  'section_code',
  'unique_id',
]);

/**
 * A small college's staged tables many times over: each copy has ids of its own, so every model has as many times the
 * rows, and the shapes (how many hand in late, how often a page is seen) stay those of the college.
 * @param copies 1 or more
 */
export async function scaleTables(
  connection: DuckDBConnection,
  root: string,
  tables: TableSet,
  copies: number,
): Promise<TableSet> {
  const scaled: Record<string, TableVersion> = {};
  for (const [table, version] of Object.entries(tables)) {
    const times = SHARED.has(table) ? 1 : copies;
    const key = `scaled/${table}.parquet`;
    await mkdir(dirname(join(root, key)), { recursive: true });
    const list = version.columns.map((column) => `${shifted(column)} AS "${column.name}"`);
    await connection.run(
      `COPY (SELECT ${list.join(', ')} FROM range(${times}) copies(i), (${versionSelect(root, version)}))
       TO '${join(root, key)}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)`,
    );
    scaled[table] = {
      table,
      columns: version.columns,
      rows: version.rows * times,
      storage: { kind: 'plain', files: [key] },
    };
  }
  return scaled;
}

/** Local ids of a Canvas shard have 13 digits, of which a small college fills fewer than ten. */
function shifted({ name, type }: TableColumn): string {
  const isId = name === 'id' || name.endsWith('_id');
  if (type === 'bigint' && isId && !KEPT.has(name)) return `"${name}" + i * 10000000000`;
  if (type === 'integer' && name === 'crn') return `"${name}" + CAST(i AS integer) * 100000`;
  if (type === 'varchar' && (TEXT_IDS.has(name) || name === 'id')) return `"${name}" || '~' || i`;
  return `"${name}"`;
}
