import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SisConnectionError } from '../../src/sis/errors.ts';
import { inspectSis } from '../../src/sis/inspect.ts';
import { connectSis, type OpenSisConnection } from '../../src/sis/session.ts';
import { type SisFixture, startSisFixture } from '../platform/local/replication/sis-fixture.ts';

const SETUP = `
CREATE SCHEMA registrar; CREATE SCHEMA aid;
CREATE DOMAIN registrar.grade AS numeric(5,2); CREATE DOMAIN registrar.final_grade AS registrar.grade;
CREATE TABLE registrar.enrollment (
  term varchar(6), student_id bigint, final registrar.final_grade, added timestamptz NOT NULL, dropped int,
  tags text[], PRIMARY KEY (student_id, term));
COMMENT ON COLUMN registrar.enrollment.final IS 'Points of 100';
ALTER TABLE registrar.enrollment DROP COLUMN dropped;
INSERT INTO registrar.enrollment SELECT 't' || g, g, 1, now(), '{}' FROM generate_series(1, 500) g;
ANALYZE registrar.enrollment;
CREATE VIEW registrar.current AS SELECT term FROM registrar.enrollment;
CREATE TABLE registrar.log (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE registrar.log_2026 PARTITION OF registrar.log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE aid.award (amount money);
`;

describe('The inspection of a SIS', () => {
  let sis: SisFixture;
  let connection: OpenSisConnection;

  beforeAll(async () => {
    sis = await startSisFixture();
    await sis.admin.query(SETUP);
    connection = await connectSis(sis.source, sis.password);
  });
  afterAll(async () => {
    await connection?.end();
    await sis?.stop();
  });

  it('finds tables and views with exact types, keys in their order and sizes; partitions stand under their root', async () => {
    const tables = await inspectSis(connection);

    expect(tables.map((table) => `${table.schema}.${table.name} ${table.kind}`)).toEqual([
      'aid.award table',
      'registrar.current view',
      'registrar.enrollment table',
      'registrar.log table',
    ]);
    expect(tables[2]).toEqual({
      schema: 'registrar',
      name: 'enrollment',
      kind: 'table',
      key: ['student_id', 'term'],
      estimatedRows: 500,
      pages: expect.any(Number),
      columns: [
        { name: 'term', type: 'character varying(6)', nullable: false },
        { name: 'student_id', type: 'bigint', nullable: false },
        { name: 'final', type: 'numeric(5,2)', nullable: true, comment: 'Points of 100' },
        { name: 'added', type: 'timestamp with time zone', nullable: false },
        { name: 'tags', type: 'text[]', nullable: true },
      ],
    });
    expect(tables[2]!.pages).toBeGreaterThan(0);
    expect(tables[0]).toMatchObject({ key: [], estimatedRows: -1, pages: 0 });
  });

  it('keeps to the schemas that it is given', async () => {
    expect((await inspectSis(connection, { schemas: ['aid'] })).map((table) => table.name)).toEqual([
      'award',
    ]);
  });

  it('says where it could not connect, without the password', async () => {
    const wrong = connectSis({ ...sis.source, database: 'nowhere' }, sis.password);

    await expect(wrong).rejects.toThrow(SisConnectionError);
    await expect(wrong).rejects.toThrow(
      /127\.0\.0\.1:\d+, database nowhere, as lake: it has no such database/,
    );
    const refused = connectSis({ ...sis.source, port: 1 }, sis.password);
    await expect(refused).rejects.toMatchObject({ reach: 'source', retryable: true });
    await expect(refused).rejects.toThrow(/as lake: .*\(ECONNREFUSED\)/);
    await expect(refused).rejects.not.toThrow(/connect ECONN|SQLSTATE/);
    const plain = connectSis({ ...sis.source, ssl: 'require' }, sis.password);
    await expect(plain).rejects.toThrow(/as lake: it does not offer encrypted connections/);
  });
});
