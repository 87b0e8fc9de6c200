import { readPublication } from '../../../../src/pipeline/publication.ts';
import { DataApi } from '../../../../src/platform/aws/warehouse/data-api.ts';
import { open, type Probe, proven, refuted } from '../probe.ts';

/** Redshift's own SQL, COPY and rights: the tests have PostgreSQL in its place. */
export const warehouse: Probe = {
  name: 'warehouse',
  claim: 'the warehouse has the rows that were published, and its reader can write nothing',
  async ask({ clients: { redshift }, places: { warehouse: place }, platform }) {
    if (!place) return open('there is no warehouse', 'nothing is to be done');
    const publication = await readPublication(platform);
    if (!publication) return open('nothing has been published yet', 'npx lake run --target aws, then again');
    const { workgroup, database, loaderSecretArn, reader } = place;
    const api = new DataApi({
      redshift,
      workgroup,
      database,
      secretArn: loaderSecretArn,
      clock: platform.clock,
    });
    const served = await api.run('SELECT schema_name, table_name FROM mart.lake_served');
    if (served.length === 0)
      return open('the warehouse was never loaded', 'npx lake run --target aws, then again');
    const names = served.map(([schema, table]) => `${schema}.${table}`);
    const counts = await api.run(
      names.map((name) => `SELECT '${name}', count(*)::varchar FROM ${quoted(name)}`).join(' UNION ALL '),
    );
    const other = counts.filter(([name, n]) => {
      const version = publication.tables[name!];
      return version !== undefined && String(version.rows) !== n;
    });
    const [[writable] = []] = await api.run(
      `SELECT count(*)::varchar FROM mart.lake_served
        WHERE has_table_privilege(:reader, schema_name || '.' || table_name, 'INSERT')`,
      { reader: reader.user },
    );
    const wrong = [
      ...other.map(([name, n]) => `${name}: ${n} rows, published ${publication.tables[name!]!.rows}`),
      ...(writable === '0' ? [] : [`${reader.user} may write ${writable} tables`]),
    ];
    return wrong.length === 0
      ? proven(`${names.length} tables; ${reader.user} may write none of them`)
      : refuted(wrong.slice(0, 5).join('; '), 'npx lake run --target aws loads it again');
  },
};

const quoted = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
