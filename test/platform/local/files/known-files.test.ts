import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KnownFiles } from '../../../../src/platform/local/files/known-files.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lake-known-'));
  file = join(folder, 'one.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Long enough for a file's date to tell it from every later one. */
const settle = () => sleep(80);

function counting() {
  let parsed = 0;
  const known = new KnownFiles<{ n: number[] }>();
  const read = () =>
    known.read(file, (text) => {
      parsed += 1;
      return JSON.parse(text) as { n: number[] };
    });
  return { read, times: () => parsed };
}

it('parses a file once while it stays the same', async () => {
  await writeFile(file, '{"n":[1]}');
  await settle();
  const { read, times } = counting();
  expect([read(), read(), read()]).toEqual([{ n: [1] }, { n: [1] }, { n: [1] }]);
  expect(times()).toBe(1);
});

it('sees a file that was replaced by one of the same size, with the times of the one before', async () => {
  await writeFile(file, '{"n":[1]}');
  const then = new Date(Date.now() - 60_000);
  await utimes(file, then, then);
  await settle();
  const { read } = counting();
  read();
  await writeFile(`${file}.new`, '{"n":[2]}');
  await utimes(`${file}.new`, then, then);
  await rename(`${file}.new`, file);
  expect(read()).toEqual({ n: [2] });
});

it('does not trust the date of a file that has just been written', async () => {
  await writeFile(file, '{"n":[1]}');
  const { read, times } = counting();
  read();
  read();
  expect(times()).toBe(2);
});

it('sees that a file is gone, and that it is back', async () => {
  await writeFile(file, '{"n":[1]}');
  await settle();
  const { read } = counting();
  read();
  await rm(file);
  expect(read()).toBeUndefined();
  await writeFile(file, '{"n":[3]}');
  expect(read()).toEqual({ n: [3] });
});

it('gives readers what none of them can change', async () => {
  await writeFile(file, '{"n":[1]}');
  await settle();
  const { read } = counting();
  expect(() => read()!.n.push(2)).toThrow(TypeError);
  expect(read()).toEqual({ n: [1] });
});

it('parses a file that cannot be parsed again each time', async () => {
  await writeFile(file, '{"n":');
  await settle();
  const { read, times } = counting();
  expect(read).toThrow(SyntaxError);
  expect(read).toThrow(SyntaxError);
  expect(times()).toBe(2);
});
