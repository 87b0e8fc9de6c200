import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadModels, parseModel } from '../../src/models/load-models.ts';
import type { Model } from '../../src/models/model.ts';
import { needs, orderModels } from '../../src/models/order-models.ts';

const KNOWN = ['canvas.users', 'canvas.courses', 'ops.run'];
const model = (name: string, sql: string): Promise<Model> => parseModel(`models/${name}.sql`, sql);

describe('a model', () => {
  it('names its tables wherever they stand, and neither the names of WITH nor aliases', async () => {
    const { statement } = await model(
      'x',
      `WITH users AS (SELECT id FROM canvas.users), nested AS (WITH deep AS (SELECT 1 AS a FROM CANVAS.Courses) SELECT a FROM deep)
       SELECT u.id, (SELECT max(as_of) FROM ops.run) AS as_of
       FROM users u JOIN nested n ON n.a = u.id, UNNEST(ARRAY[1]) AS x(y)
       WHERE EXISTS (SELECT 1 FROM campus.enrolments e WHERE e.user_id = u.id)
       UNION ALL SELECT id, NULL FROM (SELECT id FROM campus.students)`,
    );

    expect(statement.tables.map(({ name }) => name).sort()).toEqual([
      'campus.enrolments',
      'campus.students',
      'canvas.courses',
      'canvas.users',
      'ops.run',
    ]);
  });

  it('takes description and grain from its header', async () => {
    const { description, grain } = await model(
      'x',
      '-- description: one thing\n--   and another\n-- grain: id\n-- a remark\nSELECT id FROM canvas.users',
    );

    expect({ description, grain }).toEqual({ description: 'one thing and another', grain: 'id' });
  });

  it('with mistakes is named with file, line and column, all files at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'campus-lake-models-'));
    await writeFile(join(folder, 'a.sql'), 'SELECT id\nFROM canvas.users WHERE = 1');
    await writeFile(join(folder, 'b.sql'), 'SELECT id::varchar AS id FROM canvas.users');
    await writeFile(join(folder, 'c.sql'), 'DELETE FROM canvas.users');

    const failure = await loadModels(folder).catch((error: Error) => error as Error);
    await rm(folder, { recursive: true });

    const lines = String((failure as Error).message).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/a\.sql:2:25: The SQL cannot be read at "="/);
    expect(lines[1]).toMatch(/b\.sql:1:10: `::` is no cast in Athena. \(write CAST/);
    expect(lines[2]).toMatch(/c\.sql:1:1: Only questions can be asked/);
  });
});

describe('orderModels', () => {
  it('puts every model after those that it needs, as early as it can, whatever the order of files', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }).chain((n) =>
          fc.record({
            n: fc.constant(n),
            edges: fc.array(fc.tuple(fc.nat({ max: n - 1 }), fc.nat({ max: n - 1 })), { maxLength: 14 }),
            shuffle: fc.infiniteStream(fc.nat()),
          }),
        ),
        async ({ n, edges, shuffle }) => {
          const models = await Promise.all(
            Array.from({ length: n }, (_, i) => {
              const from = edges.filter(([a, b]) => a === i && b < i).map(([, b]) => `campus.m${b}`);
              const reads = [...new Set(from), 'canvas.users'];
              return model(`m${i}`, `SELECT 1 AS x FROM ${reads.join(', ')}`);
            }),
          );
          const keyed = models.map((m) => ({ m, at: shuffle.next().value as number }));
          const mixed = keyed.sort((a, b) => a.at - b.at).map(({ m }) => m);

          const waves = orderModels(mixed, KNOWN);

          const waveOf = new Map(waves.flatMap((wave, i) => wave.map((m) => [m.table, i] as const)));
          expect(waveOf.size).toBe(n);
          for (const m of models) {
            const before = needs(m).map((table) => waveOf.get(table)!);
            expect(waveOf.get(m.table)).toBe(before.length ? Math.max(...before) + 1 : 0);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('names every table that nothing makes, with its place and the nearest name', async () => {
    const models = [
      await model('a', 'SELECT 1 AS x\nFROM canvas.user'),
      await model('b', 'SELECT 1 AS x FROM campus.a JOIN campus.aa ON true'),
    ];

    expect(() => orderModels(models, KNOWN)).toThrow(
      'models/a.sql:2:6: there is no table "canvas.user"; did you mean "canvas.users"?\n' +
        'models/b.sql:1:34: there is no table "campus.aa"; did you mean "campus.a"?',
    );
  });

  it('names a table to which a check relates and which nothing makes', async () => {
    const check = '-- check: { kind: relationships, column: x, to: campus.bb, field: x }\n';
    const models = [await model('a', `${check}SELECT 1 AS x`), await model('b', 'SELECT 1 AS x')];

    expect(() => orderModels(models, KNOWN)).toThrow(
      'models/a.sql: there is no table "campus.bb"; did you mean "campus.b"?',
    );
  });

  it('names a ring', async () => {
    const models = [
      await model('a', 'SELECT 1 AS x FROM campus.c'),
      await model('b', 'SELECT 1 AS x FROM campus.a'),
      await model('c', 'SELECT 1 AS x FROM campus.b'),
      await model('d', 'SELECT 1 AS x FROM campus.a'),
    ];

    expect(() => orderModels(models, KNOWN)).toThrow(
      'models/a.sql:1:20: models need each other: a → c → b → a.',
    );
  });
});
