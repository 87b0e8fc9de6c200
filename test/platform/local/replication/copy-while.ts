import { openLocalReplication } from '../../../../src/platform/local/replication/replication.ts';
import { allOf, askFiles, LAKE_PASSWORD, type SisFixture, waitFor } from './sis-fixture.ts';

const WAIT_MS = 1_200;

/** A view that is read for a while, so that something can happen meanwhile. It is read first. */
export const slowView = (schema: string, seconds = 1) =>
  `CREATE TABLE ${schema}.few AS SELECT g AS id FROM generate_series(1, 10) g;
   CREATE VIEW ${schema}.slowly AS SELECT id, pg_sleep(${seconds / 10})::text AS nothing FROM ${schema}.few;`;
const SLOWLY_FIRST = (schema: string) =>
  allOf(schema, {
    'rule-type': 'selection',
    'rule-action': 'include',
    'object-locator': { 'schema-name': schema, 'table-name': 'slowly', 'table-type': 'view' },
    'load-order': 9,
  });

/** The copy of a schema, and what is done once its first table is being read. */
export async function copyWhile(sis: SisFixture, schema: string, meanwhile: () => Promise<unknown>) {
  const root = await sis.lake();
  const replication = openLocalReplication({
    root,
    sources: { sis: { ...sis.source, maxConnections: 1 } },
    secrets: { get: async () => LAKE_PASSWORD },
    lockWaitMs: WAIT_MS,
  });
  try {
    const { task } = await replication.start({
      source: 'sis',
      load: 'l',
      prefix: 'raw/sis/l',
      mappings: SLOWLY_FIRST(schema),
    });
    await reading(sis);
    await meanwhile();
    const done = await waitFor(replication, task);
    const byName = Object.fromEntries(done.tables.map((table) => [table.table, table]));
    const rows = (table: string, select: string) =>
      askFiles(
        root,
        byName[table]!.files!.map((file) => file.key),
        `SELECT ${select} FROM $files`,
      );
    return { ...done, byName, rows };
  } finally {
    await replication.close();
  }
}

/** The sessions of the lake that read it. */
export const COPYING = `usename = 'lake' AND state = 'active' AND query LIKE '%slowly%'`;

export async function reading(sis: SisFixture): Promise<void> {
  for (let found = 0; found === 0; ) {
    const { rows } = await sis.admin.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE ${COPYING}`,
    );
    found = rows[0].n;
  }
}
