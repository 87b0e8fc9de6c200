import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { isMetered, reportWork } from '../../../ports/metering.ts';
import { systemClock } from '../../clock.ts';

/** What DuckDB tells of a statement that it has run: https://duckdb.org/docs/stable/dev/profiling */
interface Profile extends ProfileNode {
  /** Seconds. */
  readonly cpu_time?: number;
  readonly system_peak_buffer_memory?: number;
  readonly system_peak_temp_dir_size?: number;
}

interface ProfileNode {
  readonly operator_type?: string;
  readonly operator_cardinality?: number;
  readonly children?: readonly ProfileNode[];
}

/**
 * Runs a COPY to a file. Where somebody takes measurements it is run as EXPLAIN ANALYZE: the same plan, whose profile is
 * its answer, so no setting of the session is changed. The peak of memory is that of the database, which statements
 * side by side share.
 * @param what a stable name of the work, `write campus.students`
 * @returns rows written
 */
export async function measuredCopy(
  connection: DuckDBConnection,
  copy: string,
  { path, what }: { readonly path: string; readonly what: string },
): Promise<number> {
  if (!isMetered()) return rowsCopied(await connection.runAndReadAll(copy));
  const startedAt = systemClock.now();
  try {
    const reader = await connection.runAndReadAll(`EXPLAIN (ANALYZE, FORMAT json) ${copy}`);
    const profile = JSON.parse(String(reader.getRowObjectsJson()[0]?.explain_value)) as Profile;
    const endedAt = systemClock.now();
    const rows = await rowsIn(connection, path);
    const peak = profile.system_peak_buffer_memory ?? 0;
    const { size } = await stat(path).catch(() => ({ size: 0 }));
    reportWork({
      kind: 'statement',
      name: what,
      engine: 'duckdb',
      startedAt,
      endedAt,
      rowsIn: rowsScanned(profile),
      rowsOut: rows,
      bytesOut: size,
      cpuMs: (profile.cpu_time ?? 0) * 1000,
      peakMemoryBytes: peak,
      spilledBytes: profile.system_peak_temp_dir_size ?? 0,
      gigabyteSeconds: (peak / 1e9) * ((endedAt - startedAt) / 1000),
    });
    return rows;
  } catch (error) {
    reportWork({
      kind: 'statement',
      name: what,
      engine: 'duckdb',
      startedAt,
      endedAt: systemClock.now(),
      failed: true,
    });
    throw error;
  }
}

type Answered = Awaited<ReturnType<DuckDBConnection['runAndReadAll']>>;

const rowsCopied = (reader: Answered): number => Number(reader.getRows()[0]?.[0] ?? 0);

/** What came out of the files that were read, after the conditions that the reader itself applied. */
function rowsScanned({
  operator_type: type,
  operator_cardinality: rows = 0,
  children = [],
}: ProfileNode): number {
  if (children.length === 0) return type === 'TABLE_SCAN' ? rows : 0;
  return children.reduce((sum, child) => sum + rowsScanned(child), 0);
}

/** From the footer: of a plan with a WITH query, the profile does not tell what the whole of it gave. */
async function rowsIn(connection: DuckDBConnection, path: string): Promise<number> {
  const file = path.replaceAll("'", "''");
  const reader = await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata('${file}')`);
  return rowsCopied(reader);
}
