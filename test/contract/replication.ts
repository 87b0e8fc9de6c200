import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import type { ReplicatedTable, Replication, ReplicationStatus } from '../../src/ports/replication.ts';

export interface ReplicationHome {
  /** Runs SQL in the PostgreSQL that plays the SIS. */
  sql(text: string): Promise<unknown>;
  /** Replication of that SIS, named `sis`, into a new and empty lake. */
  open(): Promise<OpenReplication>;
}

export interface OpenReplication {
  readonly replication: Replication;
  /** Keys in the lake. */
  list(prefix: string): Promise<string[]>;
  close(): Promise<void>;
}

export type ReplicationOutcome = Extract<ReplicationStatus, { done: true }>;

/** Asks until the load is done. */
export async function outcomeOf(replication: Replication, task: string): Promise<ReplicationOutcome> {
  for (;;) {
    const status = await replication.poll(task);
    if (status.done) return status;
    await sleep(5);
  }
}

/** Mappings that name these tables of a schema one by one, with more rules. */
export function mappingsFor(schema: string, tables: readonly string[], ...more: readonly object[]): Json {
  const rules = [
    ...tables.map((table) => ({
      'rule-type': 'selection',
      'rule-action': 'explicit',
      'object-locator': { 'schema-name': schema, 'table-name': table },
    })),
    ...more,
  ];
  return {
    rules: rules.map((rule, i) => ({ ...rule, 'rule-id': String(i + 1), 'rule-name': `rule-${i + 1}` })),
  } as Json;
}

const byName = ({ tables }: ReplicationOutcome): Record<string, ReplicatedTable> =>
  Object.fromEntries(tables.map((table) => [table.table, table]));

/** What every replication promises, in both targets. */
export function replicationContract(home: ReplicationHome): void {
  let schemas = 0;
  /** A schema of its own for each test: filled, one empty table, one that nobody asks for. */
  async function newSchema(): Promise<string> {
    const schema = `college_${++schemas}`;
    await home.sql(`
      CREATE SCHEMA ${schema};
      CREATE TABLE ${schema}.student (id bigint PRIMARY KEY, name varchar(40), ssn text, gpa numeric(4,2), active boolean,
        seen timestamp(3));
      INSERT INTO ${schema}.student
        SELECT g, 'name ' || g, 'secret', g / 100.0, g % 2 = 0, '2026-01-01' FROM generate_series(1, 250) g;
      CREATE TABLE ${schema}.award (id int, amount numeric(10,2));
      INSERT INTO ${schema}.award SELECT g, g FROM generate_series(1, 30) g;
      CREATE TABLE ${schema}.empty_one (id int);
      CREATE TABLE ${schema}.not_asked_for (id int)`);
    return schema;
  }

  async function withOpen<T>(work: (open: OpenReplication) => Promise<T>): Promise<T> {
    const open = await home.open();
    return work(open).finally(() => open.close());
  }

  describe('promises of every replication', () => {
    it('copies what the mappings name, below the prefix, and says rows, files and columns', async () => {
      const schema = await newSchema();
      const without = {
        'rule-type': 'transformation',
        'rule-target': 'column',
        'rule-action': 'remove-column',
        'object-locator': { 'schema-name': schema, 'table-name': 'student', 'column-name': 'ssn' },
      };
      const mappings = mappingsFor(schema, ['student', 'award', 'empty_one'], without);
      const before = Date.now();

      await withOpen(async ({ replication, list }) => {
        const { task } = await replication.start({
          source: 'sis',
          load: 'one',
          prefix: 'raw/sis/one',
          mappings,
        });
        const outcome = await outcomeOf(replication, task);
        const { student, award, empty_one: empty, ...others } = byName(outcome);

        expect(others).toEqual({});
        expect([student?.rows, award?.rows, empty?.rows]).toEqual([250, 30, 0]);
        expect(student?.columns).toEqual([
          { name: 'id', type: 'bigint' },
          { name: 'name', type: 'varchar' },
          { name: 'gpa', type: 'decimal(4,2)' },
          { name: 'active', type: 'boolean' },
          { name: 'seen', type: 'timestamp' },
        ]);
        const keys = outcome.tables.flatMap((table) => table.files?.map((file) => file.key) ?? []);
        expect(await list('raw/')).toEqual([...keys].sort());
        expect(student?.files?.[0]?.key).toBe(`raw/sis/one/${schema}/student/LOAD00000001.parquet`);
        expect(student?.files?.every((file) => file.bytes > 100)).toBe(true);
        expect(empty?.files).toEqual([]);
        const at = Date.parse(outcome.snapshotAt);
        expect(at).toBeGreaterThanOrEqual(before - 1_000);
        expect(at).toBeLessThanOrEqual(Date.now() + 1_000);
      });
    });

    it('picks up a load that was started, and goes on answering when it is done', async () => {
      const schema = await newSchema();
      const request = {
        source: 'sis',
        load: 'one',
        prefix: 'raw/sis/one',
        mappings: mappingsFor(schema, ['award']),
      };

      await withOpen(async ({ replication, list }) => {
        const first = await replication.start(request);
        const second = await replication.start(request);
        const outcome = await outcomeOf(replication, first.task);
        const third = await replication.start(request);

        expect([second, third]).toEqual([first, first]);
        expect(await replication.poll(first.task)).toEqual(outcome);
        expect(await list('raw/')).toHaveLength(1);
      });
    });

    it('leaves earlier loads as they are', async () => {
      const schema = await newSchema();
      const mappings = mappingsFor(schema, ['award']);
      const load = async (replication: Replication, name: string) => {
        const { task } = await replication.start({
          source: 'sis',
          load: name,
          prefix: `raw/sis/${name}`,
          mappings,
        });
        return outcomeOf(replication, task);
      };

      await withOpen(async ({ replication, list }) => {
        await load(replication, 'one');
        await home.sql(`DELETE FROM ${schema}.award WHERE id > 10`);
        const later = await load(replication, 'two');

        expect(byName(later).award?.rows).toBe(10);
        expect(await list('raw/')).toEqual([
          `raw/sis/one/${schema}/award/LOAD00000001.parquet`,
          `raw/sis/two/${schema}/award/LOAD00000001.parquet`,
        ]);
      });
    });

    it('puts a renamed table where the rules say, and tells of it by its name at the source', async () => {
      const schema = await newSchema();
      const renamed = {
        'rule-type': 'transformation',
        'rule-target': 'table',
        'rule-action': 'rename',
        'object-locator': { 'schema-name': schema, 'table-name': 'award' },
        value: 'prize',
      };

      await withOpen(async ({ replication, list }) => {
        const mappings = mappingsFor(schema, ['award'], renamed);
        const { task } = await replication.start({
          source: 'sis',
          load: 'one',
          prefix: 'raw/sis/one',
          mappings,
        });

        expect(byName(await outcomeOf(replication, task)).award?.rows).toBe(30);
        expect(await list('raw/')).toEqual([`raw/sis/one/${schema}/prize/LOAD00000001.parquet`]);
      });
    });

    it('refuses mappings that cannot be followed before anything is copied', async () => {
      await withOpen(async ({ replication, list }) => {
        const request = {
          source: 'sis',
          load: 'one',
          prefix: 'raw/sis/one',
          mappings: { rules: [] } as Json,
        };

        await expect(replication.start(request)).rejects.toThrow('mappings cannot be followed');
        expect(await list('')).toEqual([]);
      });
    });
  });
}
