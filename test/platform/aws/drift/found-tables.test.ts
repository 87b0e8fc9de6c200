import { expect, it } from 'vitest';
import { foundTables } from '../../../../src/platform/aws/drift/found-tables.ts';

const table = (Name: string, Location: string) => ({
  Name,
  StorageDescriptor: { Location, Columns: [{ Name: 'id', Type: 'bigint' }] },
});

it('knows a table by where its files lie, not by the name that the crawler made up', () => {
  const root = 's3://lake-raw/raw/sis/r1/';
  const tables = [
    table('student', `${root}REG/STUDENT/`),
    table('student_0a1b2c', `${root}AID/STUDENT/`),
    table('old', 's3://lake-raw/raw/sis/r0/REG/STUDENT/'),
    table('flat', `${root}LOAD00000001.parquet`),
    { Name: 'nothing' },
  ];
  expect(foundTables(tables, root).map(({ schema, table: name }) => `${schema}.${name}`)).toEqual([
    'REG.STUDENT',
    'AID.STUDENT',
  ]);
  expect(foundTables(tables, root)[0]!.columns).toEqual([{ name: 'id', type: 'bigint' }]);
});
