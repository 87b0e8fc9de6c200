import { GlueClient } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../../../../src/platform/aws/athena/engine-context.ts';
import { showTables } from '../../../../src/platform/aws/athena/show.ts';
import type { TableSet, TableVersion } from '../../../../src/ports/tables.ts';

/** A Glue catalog that remembers its tables by `database.name`. */
class Catalog {
  readonly tables = new Map<string, { Name: string; Parameters?: Record<string, string> }>();
  readonly client = new GlueClient({ region: 'us-east-1' });

  constructor(databases: readonly string[]) {
    this.client.send = (async (command: {
      constructor: { name: string };
      input: Record<string, unknown>;
    }) => {
      const { DatabaseName: database, TableInput: table, TablesToDelete: gone = [] } = command.input;
      if (!databases.includes(String(database))) {
        throw Object.assign(new Error(`no ${database}`), { name: 'EntityNotFoundException' });
      }
      if (command.constructor.name === 'GetTablesCommand') {
        const own = [...this.tables].filter(([name]) => name.startsWith(`${database}.`));
        return { TableList: own.map(([, found]) => found) };
      }
      for (const name of gone as string[]) this.tables.delete(`${database}.${name}`);
      if (table) this.tables.set(`${database}.${(table as { Name: string }).Name}`, table as never);
      return {};
    }) as never;
  }
}

const version = (table: string, name = 'v1'): TableVersion => ({
  table,
  columns: [],
  rows: 0,
  storage: { kind: 'files', place: { database: 'd', name }, folder: 'f', location: 's3://b/f/', columns: [] },
});
const setOf = (...tables: string[]): TableSet => Object.fromEntries(tables.map((t) => [t, version(t)]));

describe('The tables that Athena shows', () => {
  const DATABASES = ['canvas', 'sis', 'campus'];
  const open = (...databases: string[]) => {
    const catalog = new Catalog(databases);
    const context = {
      glue: catalog.client,
      places: { databasePrefix: 'lake_' },
      objects: { uri: (key: string) => `s3://b/${key}` },
    } as unknown as EngineContext;
    const show = (tables: TableSet) => showTables(context, tables, DATABASES);
    return { catalog, show, names: () => [...catalog.tables.keys()].sort() };
  };

  it('are those of the publication: what left it leaves the catalog, in every database of the lake', async () => {
    const { show, names } = open('lake_canvas', 'lake_sis', 'lake_campus');
    await show(setOf('canvas.users', 'sis.persons', 'campus.kept', 'campus.removed'));

    await show(setOf('canvas.users', 'campus.kept'));

    expect(names()).toEqual(['lake_campus.kept', 'lake_canvas.users']);
  });

  it('leave alone what others have made, and other databases', async () => {
    const { catalog, show, names } = open('lake_canvas', 'lake_sis', 'lake_campus', 'lake_campus_own');
    catalog.tables.set('lake_campus.a_view', { Name: 'a_view', Parameters: { presto_view: 'true' } });
    catalog.tables.set('lake_campus_own.t', { Name: 't', Parameters: { campus_lake_shown: 'v1' } });

    await show(setOf('campus.kept'));

    expect(names()).toEqual(['lake_campus.a_view', 'lake_campus.kept', 'lake_campus_own.t']);
  });

  it('need no database of a source of which nothing is shown', async () => {
    const { show, names } = open('lake_campus');

    await show(setOf('campus.kept'));

    expect(names()).toEqual(['lake_campus.kept']);
  });
});
