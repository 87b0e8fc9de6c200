/** Idioms of Athena's SQL by name: an expression without a table, or a whole SELECT over the tables of `FIXTURES`. */
export interface Idioms {
  readonly [name: string]: string;
}

/** Small tables, as common table expressions, so that every engine has the same. */
const FIXTURES: { readonly [table: string]: string } = {
  students: `SELECT id, name, program, CAST(gpa AS decimal(3,2)) AS gpa, credits, admitted FROM (VALUES
    (CAST(1 AS bigint), 'Ada', 'CS', 3.90, 30, DATE '2024-08-26'),
    (CAST(2 AS bigint), 'Björn', 'CS', 3.10, 15, DATE '2025-01-13'),
    (CAST(3 AS bigint), 'Chloé', 'MA', NULL, NULL, DATE '2025-08-25'),
    (CAST(4 AS bigint), '李雷', 'MA', 2.75, 60, DATE '2023-08-28'),
    (CAST(5 AS bigint), 'Zoë', NULL, 3.10, 45, NULL)) AS v(id, name, program, gpa, credits, admitted)`,
  work: `SELECT * FROM (VALUES
    (1, CAST(1 AS bigint), 'CS-101', 91.5e0, TIMESTAMP '2026-03-07 05:59:00', TIMESTAMP '2026-03-06 22:15:30.250'),
    (2, CAST(1 AS bigint), 'CS-101', 78e0, TIMESTAMP '2026-03-14 04:59:00', TIMESTAMP '2026-03-14 06:00:00'),
    (3, CAST(2 AS bigint), 'CS-101', NULL, TIMESTAMP '2026-03-07 05:59:00', NULL),
    (4, CAST(2 AS bigint), 'MA-201', 66.25e0, TIMESTAMP '2026-03-09 05:00:00', TIMESTAMP '2026-03-08 08:30:00'),
    (5, CAST(4 AS bigint), 'MA-201', 88e0, TIMESTAMP '2026-03-09 05:00:00', TIMESTAMP '2026-03-08 07:30:00'),
    (6, CAST(9 AS bigint), 'MA-201', 66.25e0, TIMESTAMP '2026-11-02 06:00:00', TIMESTAMP '2026-11-01 06:30:00'))
    AS v(id, student_id, course, score, due_at, handed_in_at)`,
  events: `SELECT * FROM (VALUES
    (1, '{"page":"home","n":3,"tags":["a","b"],"user":{"id":7,"vip":true}}'),
    (2, '{"page":"quiz","n":null,"tags":[]}'),
    (3, '{"page":"","n":"12","price":19.90}'),
    (4, CAST(NULL AS varchar))) AS v(id, body)`,
};

/** The statement that asks for an idiom. */
export function statementOf(sql: string): string {
  const query = isQuery(sql) ? sql : `SELECT ${sql} AS value`;
  const used = Object.entries(FIXTURES).filter(([table]) => new RegExp(`\\b${table}\\b`).test(query));
  if (used.length === 0) return query;
  const tables = used.map(([table, select]) => `${table} AS (${select})`).join(',\n');
  return /^WITH\b/.test(query) ? `WITH ${tables},\n${query.slice(5)}` : `WITH ${tables}\n${query}`;
}

/** A question has its rows in order only where it ends in ORDER BY. */
export const isOrdered = (sql: string): boolean => /\bORDER BY [^()]*$/.test(sql);

const isQuery = (sql: string): boolean => /^(WITH|SELECT|VALUES|\(SELECT)\b/.test(sql);

/** One statement that asks for several idioms at once: expressions side by side, or a single SELECT. */
interface Batch {
  readonly names: readonly string[];
  readonly statement: string;
}

/** Engines take longer to plan a statement than to run it. */
const EXPRESSIONS_AT_ONCE = 30;

export function batchesOf(idioms: Idioms): Batch[] {
  const entries = Object.entries(idioms);
  const batches: Batch[] = entries
    .filter(([, sql]) => isQuery(sql))
    .map(([name, sql]) => ({ names: [name], statement: statementOf(sql) }));
  const expressions = entries.filter(([, sql]) => !isQuery(sql));
  for (let i = 0; i < expressions.length; i += EXPRESSIONS_AT_ONCE) {
    const some = expressions.slice(i, i + EXPRESSIONS_AT_ONCE);
    const list = some.map(([, sql], place) => `${sql} AS ${some.length === 1 ? 'value' : `c${place}`}`);
    batches.push({ names: some.map(([name]) => name), statement: `SELECT ${list.join(',\n')}` });
  }
  return batches;
}
