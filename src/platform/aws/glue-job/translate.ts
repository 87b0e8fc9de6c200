import type { BuildRequest } from '../../../ports/query-engine.ts';
import type { TableSet } from '../../../ports/tables.ts';
import { SqlError } from '../../../sql/errors.ts';
import { parseStatement } from '../../../sql/parse.ts';
import { toSpark } from '../../../sql/spark/to-spark.ts';
import { type Ast, isObject, nameOf, placeOf, visit } from '../../../sql/tree.ts';
import { bindTables } from '../athena/bind-tables.ts';
import type { PlannedTable } from '../athena/plan-table.ts';
import { keptColumn } from './spark-task.ts';
import { isReadable, viewSelect, viewTables } from './spark-views.ts';

/**
 * The SELECT of an request in Spark's SQL over views, its columns in the types that Athena gives them: so the table is
 * the same, no matter who makes it.
 * @throws SqlError for what Spark cannot hold
 */
export async function sparkSelect(request: BuildRequest, planned: PlannedTable): Promise<string> {
  const statement = await parseStatement(request.select);
  refuseTimes(statement.ast, request);
  for (const [i, { name, type }] of planned.columns.entries()) {
    const zoned = /with time zone/i.test(planned.given[i]?.Type ?? '');
    if (type === 'time') throw unknownToSpark(name, 'a time of day', 'CAST it to varchar');
    if (zoned)
      throw unknownToSpark(name, 'an instant with its time zone', "CAST it to timestamp, AT TIME ZONE 'UTC'");
  }
  const bound = bindTables(statement, request.reads, viewSelect);
  const sql = await toSpark(await parseStatement(bound.sql), viewTables(request.reads));
  return `SELECT ${planned.columns.map(keptColumn).join(', ')} FROM (\n${sql}\n)`;
}

function unknownToSpark(name: string, what: string, hint: string): SqlError {
  return new SqlError(`The column "${name}" would be ${what}, which Spark does not know.`, {
    hint: `${hint}, or leave out "-- engine: glue"`,
  });
}

/** @throws SqlError at the first column that is a time of day wherever the SELECT could have it from */
function refuseTimes(ast: Ast, { select, reads }: BuildRequest): void {
  const times = columnsThat(reads, (column) => !isReadable(column));
  const others = columnsThat(reads, isReadable);
  visit(ast, ({ column }) => {
    const name = isObject(column) ? nameOf(column.name)?.toLowerCase() : undefined;
    if (name === undefined || !times.has(name) || others.has(name)) return;
    throw new SqlError(`The column "${name}" is a time of day, which Spark does not know.`, {
      place: placeOf(column!, select),
      hint: 'leave out "-- engine: glue"',
    });
  });
}

function columnsThat(
  tables: TableSet,
  holds: (column: TableSet[string]['columns'][number]) => boolean,
): Set<string> {
  return new Set(
    Object.values(tables).flatMap(({ columns }) => columns.filter(holds).map(({ name }) => name)),
  );
}
