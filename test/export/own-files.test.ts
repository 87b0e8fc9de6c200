import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportError } from '../../src/export/errors.ts';
import { writeOwnFiles } from '../../src/export/own-files.ts';
import { propertyRuns } from '../property-runs.ts';

describe('what an export writes', () => {
  let root: string;
  let made = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'own-files-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  const folder = () => join(root, String(++made));
  const files = (texts: { [path: string]: string }) => new Map(Object.entries(texts));

  /** Everything in the folder but the export's own list. */
  async function held(at: string): Promise<{ [path: string]: string }> {
    const entries = await readdir(at, { recursive: true, withFileTypes: true }).catch(() => []);
    const names = entries
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name).slice(at.length + 1));
    const pairs = names.sort().map(async (name) => [name, await readFile(join(at, name), 'utf8')] as const);
    const { '.lake-export.json': _, ...rest } = Object.fromEntries(await Promise.all(pairs));
    return rest;
  }

  it('is replaced and removed by the next export, and what others put there stays', async () => {
    const at = folder();
    await writeOwnFiles(at, files({ 'a.txt': '1', 'sub/b.txt': '2' }));
    await writeFile(join(at, 'own.txt'), 'mine');
    await writeOwnFiles(at, files({ 'a.txt': '1 again', 'sub/c.txt': '3' }));
    expect(await held(at)).toEqual({ 'a.txt': '1 again', 'own.txt': 'mine', 'sub/c.txt': '3' });
  });

  it('does not enter a folder of somebody else', async () => {
    const at = folder();
    await mkdir(at);
    await writeFile(join(at, 'thesis.txt'), 'years of work');
    await expect(writeOwnFiles(at, files({ 'a.txt': '1' }))).rejects.toThrow(ExportError);
    expect(await readdir(at)).toEqual(['thesis.txt']);
  });

  it.each([
    ['was changed by somebody', 'a.txt', { 'a.txt': '2' }],
    ['was changed and would be removed', 'a.txt', { 'b.txt': '2' }],
    ['was put there by somebody', 'b.txt', { 'a.txt': '1', 'b.txt': '2' }],
  ])('leaves everything as it is where a file %s', async (_, theirs, next) => {
    const at = folder();
    await writeOwnFiles(at, files({ 'a.txt': '1' }));
    await writeFile(join(at, theirs), 'by hand');
    const before = await held(at);
    await expect(writeOwnFiles(at, files(next))).rejects.toThrow(theirs);
    expect(await held(at)).toEqual(before);
  });

  it('is its own though it was checked out with the line ends of Windows, and not where a word differs', async () => {
    const at = folder();
    await writeOwnFiles(at, files({ 'a.txt': 'one\ntwo\n' }));
    await writeFile(join(at, 'a.txt'), 'one\r\ntwo\r\n');
    await writeOwnFiles(at, files({ 'a.txt': 'three\n' }));
    expect(await held(at)).toEqual({ 'a.txt': 'three\n' });

    await writeFile(join(at, 'a.txt'), 'Three\r\n');
    await expect(writeOwnFiles(at, files({ 'a.txt': 'four\n' }))).rejects.toThrow('a.txt');
  });

  it('takes a folder that holds nothing but a new repository, and leaves its files alone', async () => {
    const at = folder();
    await mkdir(join(at, '.git'), { recursive: true });
    await writeFile(join(at, '.gitignore'), 'target\n');
    await writeOwnFiles(at, files({ 'a.txt': '1' }));
    expect(await held(at)).toEqual({ 'a.txt': '1', '.gitignore': 'target\n' });

    const other = folder();
    await mkdir(other);
    await writeFile(join(other, '.gitignore'), 'target\n');
    await expect(writeOwnFiles(other, files({ '.gitignore': 'x' }))).rejects.toThrow('.gitignore');
  });

  it('refuses a list that is none', async () => {
    const at = folder();
    await writeOwnFiles(at, files({ 'a.txt': '1' }));
    await writeFile(join(at, '.lake-export.json'), '[]');
    await expect(writeOwnFiles(at, files({ 'a.txt': '2' }))).rejects.toThrow(/no list of exported files/);
    expect(await held(at)).toEqual({ 'a.txt': '1' });
  });

  it('is mended by the next export, wherever one breaks off', async () => {
    const texts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.string({ maxLength: 3 }), {
      minKeys: 1,
    });
    await fc.assert(
      fc.asyncProperty(texts, texts, texts, fc.nat(), async (first, second, third, where) => {
        const at = folder();
        await writeOwnFiles(at, files(first));
        // A folder in the way of one of the files breaks the second export off there.
        const paths = Object.keys(second);
        const stop = join(at, `${paths[where % paths.length]}.part`);
        await mkdir(stop);
        await expect(writeOwnFiles(at, files(second))).rejects.toThrow();
        await rm(stop, { recursive: true });
        await writeOwnFiles(at, files(third));
        expect(await held(at)).toEqual({ ...third });
      }),
      { numRuns: propertyRuns(15) },
    );
  });
});
