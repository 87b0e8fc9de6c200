import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'program-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(join(ROOT, 'node_modules/esbuild'), join(project, 'node_modules/esbuild'));
  await write('package.json', '{ "type": "module" }');
  await mkdir(join(project, 'bin'));
  await cp(join(ROOT, 'bin/program.mjs'), join(project, 'bin/program.mjs'));
  await write('bin/demo/college-main.ts', 'export {};');
  await write('bin/lake.ts', "import { word } from '../src/word.ts'; console.log(word());");
  await write('src/word.ts', word('one'));
});
afterEach(() => rm(project, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true });
  await writeFile(join(project, path), text);
}

/** A module that says a word, and where it believes itself to be. */
const word = (said: string) =>
  `export const word = (): string => '${said} ' + import.meta.dirname + ' ' + new URL('.', import.meta.url).pathname;`;

/** What the program prints, and the folder from which it ran; both undefined where it was not compiled. */
async function start(env: NodeJS.ProcessEnv = {}): Promise<{ said?: string; from?: string }> {
  const program = pathToFileURL(join(project, 'bin/program.mjs')).href;
  const code = `
    const { compiled } = await import('${program}');
    const url = await compiled('bin/lake.ts');
    if (url) { await import(url); console.log(url); }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, ...env },
  });
  const [said, from] = stdout.trim().split('\n');
  return { said: said || undefined, from: from?.replace(/bin\/lake\.mjs$/, '') };
}

const places = () => `${join(project, 'src')} ${join(project, 'src')}/`;

describe('the program, compiled for a Node that does not read TypeScript', () => {
  it('is compiled once, knows where its sources are, and is compiled again when one has changed', async () => {
    const first = await start();
    expect(first.said).toBe(`one ${places()}`);
    expect(first.from).toContain('/node_modules/.cache/');
    expect(await start()).toEqual(first);

    await write('src/word.ts', word('two'));
    const second = await start();
    expect(second.said).toBe(`two ${places()}`);
    expect(second.from).not.toBe(first.from);
    // What still runs may import a part of the first.
    const kept = new URL('bin/lake.mjs', first.from).pathname;
    await expect(readFile(kept, 'utf8')).resolves.toContain('word');
  });

  it('notices a change of the same length whose time was set back', async () => {
    const then = new Date('2020-01-01T00:00:00Z');
    const source = join(project, 'src/word.ts');
    await utimes(source, then, then);
    expect((await start()).said).toMatch(/^one /);
    await write('src/word.ts', word('six'));
    await utimes(source, then, then);
    expect((await start()).said).toMatch(/^six /);
  });

  it('works for several that start at once', async () => {
    const said = (await Promise.all([start(), start(), start()])).map((each) => each.said);
    expect(said.every((each) => each === undefined || each === `one ${places()}`)).toBe(true);
    expect((await start()).said).toBe(`one ${places()}`);
  });

  it('is read from its sources where it cannot be kept, and where stack traces are asked for', async () => {
    expect(await start({ LAKE_DEBUG_LOG: join(project, 'log') })).toEqual({});
    await writeFile(join(project, 'node_modules/.cache'), 'no folder');
    expect(await start()).toEqual({});
  });
});
