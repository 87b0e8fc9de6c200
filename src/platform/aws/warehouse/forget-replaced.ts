import type { DataApi } from './data-api.ts';
import { MART } from './prepare.ts';
import { ident } from './sql.ts';

/**
 * Writes all served tables again, so that nothing stays of rows that the last load has replaced: deleted rows lie in a
 * table's blocks until VACUUM, which by default leaves a table alone that is nearly sorted.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html
 */
export async function forgetReplaced(api: DataApi): Promise<void> {
  const served = await api.run(`SELECT schema_name, table_name FROM ${MART}.lake_served ORDER BY 1, 2`);
  for (const [schema, table] of served) {
    const name = ident(schema!, table!);
    // Neither runs in a transaction, so each is a statement of its own.
    await api.run(`VACUUM FULL ${name} TO 100 PERCENT`);
    // The least and greatest values of columns are in the planner's statistics.
    await api.run(`ANALYZE ${name}`);
  }
}
