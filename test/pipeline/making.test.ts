import { expect, it } from 'vitest';
import { parseModel } from '../../src/models/load-models.ts';
import { type Making, makingOf } from '../../src/pipeline/making.ts';
import type { TableVersion } from '../../src/ports/tables.ts';

const version = (file: string, more: Partial<TableVersion> = {}): TableVersion => ({
  table: 'canvas.users',
  columns: [{ name: 'id', type: 'bigint' }],
  rows: 1,
  storage: { files: [file] },
  ...more,
});

const lakeOf = (edition: string | undefined, timeZone = 'America/Chicago') =>
  ({ campus: { timeZone }, platform: { engine: { capabilities: { background: false, edition } } } }) as never;

const NIGHT = '2026-10-05T11:00:00.000Z';
const LATER = '2026-10-06T11:00:00.000Z';

async function making(sql: string, more: Partial<Making> = {}, lake = lakeOf('one')) {
  const model = await parseModel('people.sql', sql);
  return makingOf(lake, { run: 'r1', model, reads: { 'canvas.users': version('a') }, asOf: NIGHT, ...more });
}

const PLAIN = 'SELECT id FROM canvas.users';
const TIMED = 'SELECT u.id, r.as_of FROM canvas.users u CROSS JOIN ops.run r';
const DATED = 'SELECT u.id, r.as_of_date FROM canvas.users u CROSS JOIN ops.run r';

it('is the same in another run, where the model asks for nothing that the run decides', async () => {
  const first = await making(PLAIN);
  expect(first).toBeDefined();
  expect(await making(PLAIN, { run: 'r2', asOf: LATER })).toBe(first);
  expect(await making(TIMED, { run: 'r2' })).toBe(await making(TIMED));
});

it.each([
  ['as_of', TIMED],
  ['as_of_date', DATED],
  ['all of ops.run', 'SELECT r.* FROM ops.run r'],
  ['the time under another name', 'SELECT u.id, r.b FROM canvas.users u CROSS JOIN ops.run AS r(a, b, c, d)'],
])('is another one when the time moves on, where the model asks for %s', async (_what, sql) => {
  expect(await making(sql, { asOf: LATER })).not.toBe(await making(sql));
});

it('is another one in every run, where the model asks which one it is', async () => {
  const sql = 'SELECT u.id, r.run FROM canvas.users u CROSS JOIN ops.run r';
  expect(await making(sql, { run: 'r2' })).not.toBe(await making(sql));
});

it('is another one in another time zone, where the model asks for the day', async () => {
  const there = lakeOf('one', 'Europe/Berlin');
  expect(await making(DATED, {}, there)).not.toBe(await making(DATED));
  expect(await making(PLAIN, {}, there)).toBe(await making(PLAIN));
});

it('is another one for another text, other files, other columns, and another edition of the engine', async () => {
  const columns = [{ name: 'id', type: 'integer' }] as const;
  const digests = [
    await making(PLAIN),
    await making(`${PLAIN} WHERE id > 1`),
    await making(PLAIN, { reads: { 'canvas.users': version('b') } }),
    await making(PLAIN, { reads: { 'canvas.users': version('a', { columns: [...columns] }) } }),
    await making(PLAIN, {}, lakeOf('two')),
  ];
  expect(digests).not.toContain(undefined);
  expect(new Set(digests).size).toBe(digests.length);
});

it('does not depend on the files where it is known what is in them', async () => {
  const of = (file: string, content: string) =>
    making(PLAIN, { reads: { 'canvas.users': version(file, { content }) } });
  expect(await of('b', 'x')).toBe(await of('a', 'x'));
  expect(await of('a', 'y')).not.toBe(await of('a', 'x'));
});

it('is not told of a model that asks the clock, of a table that is not there, without a time or an edition', async () => {
  expect(await making('SELECT id, current_date AS day FROM canvas.users')).toBeUndefined();
  expect(await making(PLAIN, { reads: {} })).toBeUndefined();
  expect(await making(TIMED, { asOf: undefined })).toBeUndefined();
  expect(await making(PLAIN, {}, lakeOf(undefined))).toBeUndefined();
});
