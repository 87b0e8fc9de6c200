import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareRuns } from '../../../src/notebooks/compare.ts';
import { type Notebook, readNotebook, wholeText } from '../../../src/notebooks/format.ts';
import { pythonVenv } from '../python-venv.ts';
import { openBrowser } from '../workbench/browser.ts';
import { type DemoHome, openDemo, type ServedProcess } from '../workbench/served-demo.ts';

const run = promisify(execFile);
const TOKEN = randomBytes(24).toString('hex');

let programs: string;
let demo: DemoHome;
let served: ServedProcess;
let folder: string;
let original: string;
const env = () => ({
  ...process.env,
  PATH: `${programs}:${process.env.PATH}`,
  LAKE_API_TOKEN: TOKEN,
  LAKE_URL: new URL(served.link).origin,
  // The kernel is that of this environment, whatever is installed for the user.
  JUPYTER_PREFER_ENV_PATH: '1',
});
const read = async (file: string): Promise<Notebook> => readNotebook(await readFile(file, 'utf8'), file);
const python = (code: string, ...words: string[]) =>
  run(join(programs, 'python'), ['-c', code, ...words], { env: env() });

beforeAll(async () => {
  programs = await pythonVenv('jupyter', resolve(import.meta.dirname, 'requirements.txt'));
  folder = await mkdtemp(join(tmpdir(), 'notebooks-'));
  demo = await openDemo(60);
  // Nothing of Canvas is reached any more, which is an incident; the command says by its code that the run failed.
  await demo.lake('run').catch(() => {});
  process.env.LAKE_API_TOKEN = TOKEN;
  served = await demo.serve();
  original = join(folder, 'incident.ipynb');
  await demo.lake('notebook', 'lms-unreachable.canvas', '--out', original);
});
afterAll(async () => {
  await demo?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** What differs by meaning, and the forms of each output, which are to be the same signs. */
async function expectSame(made: Notebook): Promise<void> {
  const own = await read(original);
  const cells = new Map(made.cells.map((cell) => [cell.id, cell]));
  expect(compareRuns(own, made)).toEqual([]);
  let outputs = 0;
  for (const cell of own.cells) {
    const other = cells.get(cell.id);
    if (cell.cell_type !== 'code' || other?.cell_type !== 'code') continue;
    for (const [i, output] of cell.outputs.entries()) {
      const its = other.outputs[i];
      if (!('data' in output) || !its || !('data' in its))
        throw new Error(`${cell.id} shows nothing in Jupyter`);
      expect(Object.keys(its.data).sort()).toEqual(Object.keys(output.data).sort());
      for (const type of Object.keys(output.data))
        if (!type.endsWith('json'))
          expect(wholeText(its.data[type] as string)).toBe(wholeText(output.data[type] as string));
      outputs++;
    }
  }
  expect(outputs).toBeGreaterThan(5);
}

it('is valid by nbformat, with what Jupyter and the lake find in it', async () => {
  await python('import nbformat,sys; nbformat.validate(nbformat.read(sys.argv[1], 4))', original);
  const { cells } = await read(original);
  expect(cells.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['question', 'timeline', 'signals', 'fix']),
  );
});

it('jupyter nbconvert executes it and finds what the lake has found', async () => {
  const words = ['--to', 'notebook', '--execute', '--output', 'executed.ipynb', original];
  await run(join(programs, 'jupyter'), ['nbconvert', ...words], { env: env(), maxBuffer: 1e8 });
  await expectSame(await read(join(folder, 'executed.ipynb')));
  await run(join(programs, 'jupyter'), ['nbconvert', '--to', 'html', original], {
    env: env(),
    maxBuffer: 1e8,
  });
  expect(await readFile(join(folder, 'incident.html'), 'utf8')).toContain('Failures of each run');
});

it('papermill runs it with other parameters, and so does the lake', async () => {
  const earlier = /before = "([^"]+)"/.exec(
    await readFile(original, 'utf8').then((text) =>
      JSON.parse(text)
        .cells.map(({ source }: { source: string[] }) => source.join(''))
        .join('\n'),
    ),
  )![1]!;
  const by = join(folder, 'papermill.ipynb');
  await run(join(programs, 'papermill'), [original, by, '-p', 'publication', earlier], {
    env: env(),
    maxBuffer: 1e8,
  });
  const own = join(folder, 'own.ipynb');
  await demo
    .lake('notebook', 'run', original, '--out', own, '--param', `publication=${earlier}`)
    // It found the same rows with an other publication, or others: both are told by the exit code.
    .catch(() => {});
  const [left, right] = [await read(by), await read(own)];
  const inCommon = (notebook: Notebook): Notebook => ({
    ...notebook,
    cells: notebook.cells.filter(
      ({ metadata: { tags } }) => !(tags as string[] | undefined)?.includes('injected-parameters'),
    ),
  });
  expect(compareRuns(inCommon(left), inCommon(right))).toEqual([]);
  expect(left.metadata.papermill).toMatchObject({ exception: null });
});

it('the lake runs it again to the same, and leaves the original as it is', async () => {
  const before = await readFile(original, 'utf8');
  const said = await demo.lake('notebook', 'run', original, '--json');
  expect(JSON.parse(said)).toMatchObject({ differences: [], comparedWith: original });
  expect(await readFile(original, 'utf8')).toBe(before);
  await expect(demo.lake('notebook', 'lms-unreachable.canvas', '--out', original)).rejects.toThrow(
    'is there already',
  );
});

it('its page is one file without script, open to everybody', async () => {
  const file = join(folder, 'page.html');
  await demo.lake('notebook', 'export', original, '--out', file);
  expect(await readFile(file, 'utf8')).not.toMatch(/<script|<link|https?:\/\/(?!www\.w3\.org)/);
  const browser = await openBrowser();
  if (!browser) return;
  try {
    for (const [colorScheme, width] of [
      ['light', 1200],
      ['dark', 390],
    ] as const) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      await page.goto(`file://${file}`);
      await page.evaluate(axe.source);
      const found = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
      expect(found.violations.map(({ id }) => id)).toEqual([]);
      expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBe(width);
      expect(said).toEqual([]);
    }
  } finally {
    await browser.close();
  }
});

it('a token that is wrong, and a role that may not, are refused in words', async () => {
  const ask = (headers: Record<string, string>, sql: string) =>
    fetch(`${new URL(served.link).origin}/v1/sql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ sql }),
    });
  expect((await ask({ authorization: 'Bearer nothing' }, 'SELECT 1 AS one')).status).toBe(401);
  expect((await ask({}, 'SELECT 1 AS one')).status).not.toBe(200);
  const as = { authorization: `Bearer ${TOKEN}`, 'x-hasura-role': 'adviser', 'x-hasura-user-id': 'F1000001' };
  const refused = await ask(as, 'SELECT count(*) AS n FROM sis.hr_employees');
  expect(refused.status).toBe(400);
  expect(await refused.text()).not.toContain('rows');
  expect((await ask(as, 'SELECT count(*) AS n FROM campus.students')).status).toBe(200);
});
