import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

interface Example {
  /** The file whose doc comment it is in, and the line at which it begins: `src/ports/step.ts:12`. */
  readonly at: string;
  /** Imports of files of the project are absolute, so that it compiles wherever it is put. */
  readonly code: string;
}

const sourceFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

function examplesIn(file: string): Example[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/@example\n \* ```ts\n([\s\S]*?)\n \* ```/g)].map((match) => ({
    at: `${relative(ROOT, file)}:${text.slice(0, match.index).split('\n').length + 2}`,
    code: match[1]!
      .replace(/^ \* ?/gm, '')
      .replace(/ from '(\.[^']*)'/g, (_, path: string) => ` from '${resolve(dirname(file), path)}'`),
  }));
}

/** What the compiler says of the examples, with the places at which they are written. */
async function compile(examples: readonly Example[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'examples-'));
  try {
    const names = examples.map((_, i) => `${i}.ts`);
    await Promise.all(examples.map(({ code }, i) => writeFile(join(folder, names[i]!), code)));
    const compilerOptions = { typeRoots: [join(ROOT, 'node_modules/@types')], noUnusedLocals: false };
    const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: names };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    return await promisify(execFile)(process.execPath, [TSC, '-p', folder, '--pretty', 'false']).then(
      () => '',
      ({ stdout }: { stdout: string }) =>
        stdout.replace(/^\S*?(\d+)\.ts(?=\(\d)/gm, (_, i: string) => examples[Number(i)]?.at ?? i),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const EXAMPLES = sourceFiles(join(ROOT, 'src')).flatMap(examplesIn);

it('examples in doc comments compile', async () => {
  expect(EXAMPLES.length).toBeGreaterThanOrEqual(30);
  expect(await compile(EXAMPLES)).toBe('');
}, 60_000);

it('an example that does not compile is named by its place', async () => {
  expect(await compile([{ at: 'src/here.ts:3', code: 'const n: number = "text";\nexport { n };' }])).toMatch(
    /^src\/here\.ts:3\(1,7\): error TS2322/,
  );
}, 60_000);
