import { ProcedureFileError } from './errors.ts';
import { findNonPortable } from './portable-sql.ts';

/** One stored procedure, with what it needs. */
export interface ProcedureFile {
  /** `schema.name`, called with the publication's id. */
  readonly name: string;
  /** Columns that it reads, by table. It is deployed only where all of them exist. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** Whether a lake may be without these tables: then it is left out, and nobody hears of it. */
  readonly optional: boolean;
  /** The statements that make its tables and itself; safe to repeat. */
  readonly sql: string;
  readonly file: string;
}

const CALL = /^--\s*call:\s*([a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*)\s*$/;
const OPTIONAL = /^--\s*optional\s*$/m;
const READS = /^--\s*reads:\s*([a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*)\s*\(([^)]*)\)\s*$/;

/**
 * Reads a procedure file. Its head says in comments what it is called and what it reads:
 *
 *     -- call: mart.refresh_attention_summary
 *     -- reads: campus.term_summary (term_id, student_id)
 *     -- optional
 *
 * `optional` is written where a lake may be without these tables: no remark says then that it was not called.
 *
 * @throws ProcedureFileError naming the line
 */
export function parseProcedureFile(file: string, sql: string): ProcedureFile {
  let name: string | undefined;
  const reads: Record<string, string[]> = {};
  sql.split('\n').forEach((line, index) => {
    const wrong = (what: string) => new ProcedureFileError(`${file}:${index + 1}: ${what}`, { about: file });
    if (/^--\s*call:/.test(line)) {
      name = CALL.exec(line)?.[1];
      if (!name) throw wrong('expected `-- call: schema.procedure`');
    }
    if (/^--\s*reads:/.test(line)) {
      const [, table, columns] = READS.exec(line) ?? [];
      if (!table || columns === undefined) throw wrong('expected `-- reads: schema.table (column, column)`');
      reads[table] = columns.split(',').map((column) => column.trim());
    }
  });
  if (!name) {
    throw new ProcedureFileError(`${file}:1: no line says what to call`, {
      about: file,
      hint: 'Add `-- call: schema.procedure` to the head of the file.',
    });
  }
  const [finding] = findNonPortable(sql);
  if (finding) {
    throw new ProcedureFileError(`${file}:${finding.line}: ${finding.found}: ${finding.why}`, {
      about: file,
      hint: 'Procedures are written in the PL/pgSQL that PostgreSQL and Redshift share.',
    });
  }
  return { name, reads, optional: OPTIONAL.test(sql), sql, file };
}
