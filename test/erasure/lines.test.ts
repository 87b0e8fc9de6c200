import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { matchesInLines, rewriteLines } from '../../src/erasure/lines.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { RowRules } from '../../src/ports/eraser.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';

let folder: string;
let objects: ObjectStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lines-'));
  objects = openLocalObjects(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const is =
  (...wanted: string[]) =>
  (text: string) =>
    wanted.includes(text);
const RULES: RowRules = {
  owners: [{ name: 'user_id', section: 'value', has: is('21070000000000042') }],
  key: { fields: [{ name: 'id', section: 'key' }], has: ([id]) => id === '7' },
  mentions: [{ name: 'grader_id', section: 'value', has: is('21070000000000042') }],
};

const OTHER = '{"key": {"id":1},"value":{"user_id":5,"body":"né 21070000000000042","n":1.50}}\r\n';
const THEIRS = '{"key":{"id":7},"value":{"user_id":21070000000000042}}\n';
const GONE = '{"key":{"id":7},"meta":{"action":"D"}}\n';
const KEY_OF_OTHER = '{"key":{"id":7},"value":{"user_id":6}}\n';
const GRADED =
  '{"key":{"id":9},"value":{"user_id":21070000000000043,"grader_id":21070000000000042,"score":0.10}}\n';
const QUOTED = `${String.raw`{"key":{"id":3},"value":{"user_id":6,"body":"{\"user_id\":21070000000000042}"}}`}\n`;
const BROKEN = '{"key":{"id":8},"value":{"user_id":21070000000000042,"body":"\n';
const LAST = '{"key":{"id":10},"value":{"user_id":6}}';

async function rewrite(text: string, rules = RULES, name = 'raw/part.jsonl.gz') {
  await objects.put(name, Readable.from([gzipSync(Buffer.from(text))]));
  const told: object[] = [];
  const done = await rewriteLines(objects, name, rules, async (counts) => void told.push(counts));
  const after = gunzipSync(await buffer(await objects.get(name))).toString();
  return { done, told, after };
}

it('takes out the lines of a person, removals of them too, and leaves every other byte', async () => {
  const { done, told, after } = await rewrite(
    [OTHER, THEIRS, GONE, KEY_OF_OTHER, QUOTED, BROKEN, LAST].join(''),
  );
  expect(after).toBe([OTHER, KEY_OF_OTHER, QUOTED, LAST].join(''));
  expect(done).toMatchObject({ removed: 3, masked: 0, emptied: 0 });
  expect(told).toEqual([{ removed: 3, masked: 0, emptied: 0 }]);
});

it('empties mentions in rows of others, and keeps the digits of every number', async () => {
  const { after, done } = await rewrite(GRADED);
  expect(after).toBe(
    '{"key":{"id":9},"value":{"user_id":21070000000000043,"grader_id":null,"score":0.10}}\n',
  );
  expect(done).toMatchObject({ removed: 0, emptied: 1 });
});

it('keeps a row of somebody else under a key that was once the key of a person', async () => {
  const theirs = '{"key":{"id":7},"value":{"user_id":6,"grader_id":21070000000000042}}\n';
  const { after } = await rewrite(theirs);
  expect(after).toBe('{"key":{"id":7},"value":{"user_id":6,"grader_id":null}}\n');
});

it('masks rows that have to stay', async () => {
  const masks = {
    emptied: [{ name: 'name', section: 'value' as const }],
    replaced: [{ name: 'student', section: 'value' as const }],
    surrogateOf: (text: string) => `erased-${text.length}`,
  };
  const rules: RowRules = {
    owners: [{ name: 'student', section: 'value', has: is('S1') }],
    mentions: [],
    masks,
  };
  const { after, done } = await rewrite(
    '{"key":{"id":1},"value":{"student":"S1","name":"Ada","grade":4.0}}\n{"key":{"id":2},"value":{"student":"S2","name":"Bo"}}\n',
    rules,
  );
  expect(after).toBe(
    '{"key":{"id":1},"value":{"student":"erased-2","name":null,"grade":4.0}}\n{"key":{"id":2},"value":{"student":"S2","name":"Bo"}}\n',
  );
  expect(done).toMatchObject({ removed: 0, masked: 1 });
});

it('does nothing where nothing matches, and finds nothing the second time', async () => {
  const first = await rewrite([OTHER, THEIRS].join(''));
  expect(first.done?.object.sha256).toMatch(/^[0-9a-f]{64}$/);
  const again = await rewriteLines(objects, 'raw/part.jsonl.gz', RULES, () =>
    Promise.reject(new Error('told')),
  );
  expect(again).toBeUndefined();
});

it('tells which rows match, each once', async () => {
  await objects.put('raw/plain.jsonl', Readable.from([Buffer.from([OTHER, THEIRS, THEIRS, GONE].join(''))]));
  const wanted = [
    { name: 'id', section: 'key' as const },
    { name: 'user_id', section: 'value' as const },
  ];
  expect(await matchesInLines(objects, 'raw/plain.jsonl', RULES, wanted)).toEqual([
    ['7', '21070000000000042'],
    ['7', null],
  ]);
});
