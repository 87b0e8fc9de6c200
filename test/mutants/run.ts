import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { transform } from 'esbuild';
import { parse } from 'yaml';
import { z } from 'zod';

/** A deliberate fault: a text of a source file that another replaces, and the tests that should notice it. */
const mutantSchema = z.strictObject({
  /** What is wrong with the code then. */
  name: z.string(),
  file: z.string(),
  /** Comes exactly once in the file. */
  find: z.string().min(1),
  replace: z.string(),
  /** Files or folders, for vitest. */
  tests: z.array(z.string()).min(1),
});
type Mutant = z.infer<typeof mutantSchema>;

/** What became of one; of one that does not apply, why it does not. */
type Outcome = { readonly mutant: Mutant; readonly verdict: string };

const ROOT = resolve(import.meta.dirname, '../..');
const LIST = join(import.meta.dirname, 'mutants.yaml');
const KILLED = 'killed';
const SURVIVED = 'SURVIVED';
/** A share of all: a few faults are seen only by a race, a clock or the long suites. */
const MOST_SURVIVING = 0.15;
/** A fault can make the code wait for ever. */
const MOST_MS = 5 * 60_000;
const HELP = `Puts each fault of test/mutants/mutants.yaml into a copy of the project and runs the tests that should notice it.

  npm run mutants                            all of them
  npm run mutants -- --only src/quality      those whose file or name contains this text
  npm run mutants -- --workers 1             one at a time; default: 2, or 1 on a single core

Exit code 0 when the tests notice enough of them; 1 when more than ${MOST_SURVIVING * 100} % survive, when one no longer
applies to the code, or when the tests fail without any fault; 2 for arguments that make no sense.`;

const run = promisify(execFile);

/** Calls `use` with a copy of what git would commit of the project, which shares its dependencies. */
async function withCopy<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mutants-'));
  try {
    const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      maxBuffer: 1 << 26,
    });
    for (const file of stdout.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await cp(join(ROOT, file), join(folder, file));
    }
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether all of these pass, each by the configuration that knows it. @param timeout ms; 0: none */
async function testsPass(folder: string, tests: readonly string[], timeout = MOST_MS): Promise<boolean> {
  const slow = tests.filter((test) => test.startsWith('test/long/'));
  const fast = tests.filter((test) => !slow.includes(test));
  const pass = (config: string, some: readonly string[]) =>
    some.length === 0 || theyPass(folder, ['--config', config, ...some], timeout);
  return (await pass('vitest.config.ts', fast)) && (await pass('vitest.long.config.ts', slow));
}

async function theyPass(folder: string, words: readonly string[], timeout: number): Promise<boolean> {
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  try {
    await run(process.execPath, [vitest, 'run', '--bail', '1', '--maxWorkers', '1', ...words], {
      cwd: folder,
      timeout,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 26,
    });
    return true;
  } catch {
    return false;
  }
}

async function tryOut(folder: string, { file, find, replace, tests }: Mutant): Promise<string> {
  const missing = [file, ...tests].filter((path) => !existsSync(join(folder, path)));
  if (missing.length > 0) return `does not apply: there is no ${missing.join(', ')}`;
  const path = join(folder, file);
  const text = await readFile(path, 'utf8');
  const found = text.split(find).length - 1;
  if (found !== 1) return `does not apply: its text comes ${found} times in the file`;
  const changed = text.replace(find, () => replace);
  // Code that cannot be read fails every test, and says nothing about any.
  const reads = await transform(changed, { loader: extname(file) === '.ts' ? 'ts' : 'js' }).then(
    () => true,
    () => false,
  );
  if (!reads) return 'does not apply: with it the file is no TypeScript';
  await writeFile(path, changed);
  try {
    return (await testsPass(folder, tests)) ? SURVIVED : KILLED;
  } finally {
    await writeFile(path, text);
  }
}

async function tryAll(mutants: readonly Mutant[], workers: number): Promise<Outcome[]> {
  const waiting = [...mutants];
  const outcomes: Outcome[] = [];
  const work = async (folder: string) => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const verdict = await tryOut(folder, mutant);
      outcomes.push({ mutant, verdict });
      console.log(`${verdict.padEnd(SURVIVED.length)}  ${mutant.file}: ${mutant.name}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, () => withCopy(work)));
  return outcomes;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const workers = Number(values.workers);
  const all = z.array(mutantSchema).parse(parse(await readFile(LIST, 'utf8')));
  const mutants = all.filter(({ file, name }) => `${file} ${name}`.includes(values.only));
  if (!Number.isInteger(workers) || workers < 1 || mutants.length === 0) {
    console.error(mutants.length === 0 ? `No mutant contains "${values.only}".` : HELP);
    return 2;
  }
  const suites = [...new Set(mutants.flatMap(({ tests }) => tests))];
  // Tests that fail without any fault would seem to notice every one.
  if (!(await withCopy((folder) => testsPass(folder, suites, 0)))) {
    console.error(`The tests fail without any fault: npx vitest run ${suites.join(' ')}`);
    return 1;
  }
  const outcomes = await tryAll(mutants, workers);
  const count = (verdict: string) => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const [killed, survived] = [count(KILLED), count(SURVIVED)];
  const stale = outcomes.length - killed - survived;
  const share = survived / Math.max(1, killed + survived);
  console.log(
    `\n${killed} killed, ${survived} survived (${(share * 100).toFixed(0)} %), ${stale} do not apply`,
  );
  return stale === 0 && share <= MOST_SURVIVING ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
