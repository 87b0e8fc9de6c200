/** What Athena is asked, as Trino takes it. */
export type TrinoPlan =
  | { readonly kind: 'plain'; readonly sql: string }
  | { readonly kind: 'steps'; readonly statements: readonly string[] }
  /** A SELECT whose rows become files; the table is taken out of the catalog again. */
  | { readonly kind: 'unload'; readonly sql: string; readonly table: string };

/** The database in which an UNLOAD has its table for a moment. */
export const UNLOADS = 'athena_unloads';

const UNLOAD = /^UNLOAD\s*\(([\s\S]*)\)\s*TO\s*'([^']+)'\s*WITH\s*\(([\s\S]*)\)\s*$/i;
const OPTIMIZE = /^OPTIMIZE\s+(\S+)\s+REWRITE\s+DATA\s+USING\s+BIN_PACK\s*$/i;
const VACUUM = /^VACUUM\s+(\S+)\s*$/i;

/** How old a snapshot is that VACUUM removes: Athena's default, `vacuum_max_snapshot_age_seconds`. */
const VACUUM_AGE = '5d';

/**
 * Athena's statements in Trino's words. Questions and DML are Trino's own and stay as they are; only the few that
 * AWS added are put in other words: OPTIMIZE is Trino's `optimize`, VACUUM its `expire_snapshots` and then its
 * `remove_orphan_files`. Everything else is refused, as Athena would: the lake asks for no other.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-data-optimization.html
 * @param options `vacuumAge`: what a test says that cannot wait for days
 */
export function planStatement(
  sql: string,
  id: string,
  { vacuumAge = VACUUM_AGE }: { readonly vacuumAge?: string } = {},
): TrinoPlan | { readonly refused: string } {
  const unload = UNLOAD.exec(sql);
  if (unload) {
    const [, select, location, settings = ''] = unload;
    if (!/format\s*=\s*'PARQUET'/i.test(settings)) return { refused: 'only Parquet is unloaded here' };
    const table = `unload_${id.replaceAll('-', '_')}`;
    const properties = `format = 'PARQUET', external_location = '${location}'`;
    const create = `CREATE TABLE hive.${UNLOADS}.${table} WITH (${properties}) AS ${select}`;
    return { kind: 'unload', sql: create, table };
  }
  const optimize = OPTIMIZE.exec(sql);
  if (optimize) return { kind: 'plain', sql: `ALTER TABLE ${optimize[1]} EXECUTE optimize` };
  const vacuum = VACUUM.exec(sql);
  if (vacuum) {
    const execute = (what: string) =>
      `ALTER TABLE ${vacuum[1]} EXECUTE ${what}(retention_threshold => '${vacuumAge}')`;
    return { kind: 'steps', statements: [execute('expire_snapshots'), execute('remove_orphan_files')] };
  }
  if (/^\s*(SELECT|WITH|VALUES|\(|INSERT|MERGE|--)/i.test(sql)) return { kind: 'plain', sql };
  return { refused: `this statement is not one that the lake may ask for: ${sql.slice(0, 40)}` };
}
