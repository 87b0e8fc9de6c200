import { describe, expect, it } from 'vitest';
import { builtModel } from '../../src/models/build-model.ts';
import { parseModel } from '../../src/models/load-models.ts';
import type { TableVersion } from '../../src/ports/tables.ts';

const LINES = [
  '-- description: students',
  '--   by the Registrar',
  '-- grain: id',
  '-- owner: Registrar',
  '-- stale: build',
  '-- check: { kind: not_null, columns: [id] }',
  '-- column id (direct): the number',
];
const SELECT = 'SELECT 1 AS id';

/** What is read of a model with this text. */
async function headerOf(text: string) {
  const { description, grain, owner, stale, checks, columns } = await parseModel('models/m.sql', text);
  const classes = columns.map(({ name, privacy }) => `${name} ${privacy}`);
  return [description, grain, owner, stale, checks.length, ...classes];
}

describe('The header of a model', () => {
  const text = [...LINES, SELECT].join('\n');

  it.each([
    ['as it is', text],
    ['with line ends of Windows', text.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${text}`],
    ['after blank lines', `\n\n${text}`],
    ['with blank lines in it', `${LINES.join('\n').replace('-- grain', '\n-- grain')}\n\n${SELECT}`],
    ['after a block comment', `/* Licence\n   -- check: of nothing\n*/\n${text}`],
    ['indented', [...LINES.map((line) => `  ${line}`), SELECT].join('\n')],
    ['without a blank after the dashes', text.replaceAll('-- ', '--').replace('--  by', '--   by')],
    [
      'with remarks between',
      text.replace('-- grain', '-- note: see the wiki\n-- columns that we keep\n-- grain'),
    ],
  ])('is read %s', async (_how, written) => {
    expect(await headerOf(written)).toEqual([
      'students by the Registrar',
      'id',
      'Registrar',
      'build',
      1,
      'id direct',
    ]);
  });

  it.each([
    ['check:', 'chek:', '6:1: A header has no "chek"; did you mean "-- check: …"?'],
    ['check:', 'Check:', '6:1: A header has no "Check"'],
    ['check: {', 'check {', '6:1: A header has no "check"'],
    ['grain:', 'grains:', '3:1: A header has no "grains"'],
    ['column id (direct):', 'colum id (direct):', '7:1: A column is described as'],
    ['column id (direct):', 'column id (direct)', '7:1: A column is described as'],
    [
      SELECT,
      `SELECT\n-- check: { kind: unique, columns: [id] }\n1 AS id`,
      '9:1: A header line is below the start of the SQL',
    ],
    [SELECT, `${SELECT}\n-- column id (none): x`, '9:1: A header line is below the start of the SQL'],
  ])('does not lose what decides about rows: %s as %s', async (from, to, said) => {
    await expect(parseModel('models/m.sql', text.replace(from, to))).rejects.toThrow(`models/m.sql:${said}`);
  });

  it.each([
    ['id, term', undefined],
    ['a student', undefined],
    ['all', undefined],
    ['id, trem', 'The grain names a column "trem", and the SELECT gives none'],
    ['idd', 'The grain names a column "idd", and the SELECT gives none; did you mean "id"?'],
    ['id, section', 'The grain names a column "section"'],
  ])('names columns in its grain that are there, or none: %s', async (grain, said) => {
    const model = await parseModel('models/m.sql', `-- grain: ${grain}\nSELECT 1 AS id, 2 AS term`);
    const columns = ['id', 'term'].map((name) => ({ name, type: 'integer' }) as const);
    const version: TableVersion = { table: model.table, columns, rows: 1, storage: {} };

    const built = builtModel(model, { version });

    if (said === undefined) await expect(built).resolves.toMatchObject({ version });
    else await expect(built).rejects.toThrow(said);
  });
});

describe('Promises in a header', () => {
  it.each([
    ['-- objective: freshness 26 hours', /^m\.sql:1:1: The objective "freshness 26 hours" cannot be read/],
    ['-- objective: freshness 26h\n-- grain: id\n-- objective: freshness 30h', /^m\.sql:3:1: .*line 1/],
    ['SELECT 1 AS id -- one\n-- objective: freshness 26h', /^m\.sql:2:1: .*below/],
    ['-- objectives: freshness 26h', /did you mean "-- objective: …"/],
  ])('are refused at their line: %s', async (text, expected) => {
    const whole = text.startsWith('SELECT') ? text : `${text}\n${SELECT}`;
    await expect(parseModel('m.sql', whole)).rejects.toThrow(expected);
  });
});
