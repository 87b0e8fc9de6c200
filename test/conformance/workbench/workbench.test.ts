import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage } from '../../../web/server/bundle.ts';
import { openBrowser } from './browser.ts';
import { type DemoHome, openDemo, type ServedProcess } from './served-demo.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Pictures for the docs are made only where they are asked for. */
const IMAGES = process.env.WORKBENCH_SCREENSHOTS ? join(ROOT, 'docs/images') : undefined;
const QUERY = 'SELECT status, count(*) AS n FROM campus.submissions GROUP BY status ORDER BY n DESC';

/** Every view, and what is there when it can be used. */
const VIEWS = [
  ['now', '/', '.verdict'],
  ['students', '/students', 'tbody tr'],
  ['datasets', '/datasets', 'tbody tr'],
  ['dataset', '/datasets/campus.students', '.lineage'],
  ['runs', '/runs', 'tbody tr'],
  ['incidents', '/incidents', 'main .empty, main .matters'],
  ['levels', '/levels', 'main .card'],
  ['jobs', '/jobs', 'tbody tr'],
  ['query', `/query?run=1&sql=${encodeURIComponent(QUERY)}`, '.rows tbody tr'],
  ['dictionary', '/dictionary?q=email', 'tbody tr'],
] as const;

const browser: Browser | undefined = await openBrowser();

describe.skipIf(browser === undefined)('The workbench in a browser', () => {
  let demo: DemoHome;
  let served: ServedProcess;
  let context: BrowserContext;
  let page: Page;
  const said: string[] = [];
  const origin = () => new URL(served.link).origin;

  /** A page that has entered, of a server; what it complains of is kept. */
  async function enter(link: string, options: BrowserContextOptions = {}): Promise<Page> {
    context = await browser!.newContext({ viewport: { width: 1200, height: 900 }, ...options });
    context.setDefaultTimeout(15_000);
    const opened = await context.newPage();
    opened.on('console', (message) => {
      // Typed over coloured text, Chromium's own editing tries to keep its colour: of no line of any script or page.
      const isEditing = /^Applying inline style/.test(message.text()) && message.location().lineNumber === 0;
      if (!isEditing && /error|warning/.test(message.type())) said.push(message.text());
    });
    opened.on('pageerror', (error) => said.push(error.message));
    await opened.goto(link);
    await opened.waitForSelector('nav');
    return opened;
  }

  const open = async (on: Page, path: string, ready: string) => {
    await on.goto(`${new URL(on.url()).origin}${path}`);
    await on.waitForSelector(ready);
  };

  /** Waits for an expression to be true; what the library offers for it needs an `eval` that the page's policy forbids. */
  const until = (on: Page, expression: string) =>
    expect.poll(() => on.evaluate(`Boolean(${expression})`), { timeout: 20_000, interval: 50 }).toBe(true);

  async function violations(on: Page): Promise<string[]> {
    // While it fades in, the word that something is read has less contrast.
    await until(on, "!document.querySelector('.waiting')");
    await on.evaluate(axe.source);
    const found = (await on.evaluate('axe.run()')) as {
      violations: { id: string; nodes: { html: string }[] }[];
    };
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
  }

  async function picture(on: Page, name: string): Promise<void> {
    if (IMAGES) await on.screenshot({ path: join(IMAGES, `workbench-${name}.png`), caret: 'initial' });
  }

  beforeAll(async () => {
    demo = await openDemo(150);
    served = await demo.serve();
    page = await enter(served.link);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  it('loads little before its first view, and shows it at once', async () => {
    const { firstBytes } = await bundlePage();
    console.log(`${(firstBytes / 1000).toFixed(1)} kB of script for the first view, compressed`);
    expect(firstBytes).toBeLessThan(60_000);
    await open(page, '/', '.verdict');
    const painted = Number(
      await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"),
    );
    console.log(`first paint after ${Math.round(painted)} ms`);
    expect(painted).toBeGreaterThan(0);
    expect(painted).toBeLessThan(2_000);
  });

  for (const [name, path, ready] of VIEWS) {
    it(`${name}: shows what it is for, to everybody`, async () => {
      await open(page, path, ready);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.title')).toContain('campus-lake');
      await picture(page, name);
    });

    it(`${name}: fits a phone, in the dark`, async () => {
      const phone = await browser!.newContext({
        viewport: { width: 390, height: 800 },
        colorScheme: 'dark',
        storageState: await page.context().storageState(),
      });
      const small = await phone.newPage();
      await small.goto(`${origin()}${path}`);
      await small.waitForSelector(ready);
      // The page itself does not scroll sideways; wide tables do, within it.
      const width = Number(await small.evaluate('document.documentElement.scrollWidth'));
      expect([name, width]).toEqual([name, 390]);
      expect(await violations(small)).toEqual([]);
      if (name === 'now' || name === 'students') await picture(small, `${name}-phone`);
      await phone.close();
    });
  }

  it('follows a number to its rows, and a run to where its time went', async () => {
    await open(page, '/datasets/campus.students', '.lineage');
    await page.click('dl a');
    await page.waitForSelector('.rows tbody tr');
    expect(await page.textContent('.actions .state')).toMatch(/\d+ rows/);
    await open(page, '/runs', 'tbody tr');
    await page.click('tbody a');
    await page.waitForSelector('.timeline li');
    expect(await page.textContent('main')).toContain('Load canvas');
    expect(await violations(page)).toEqual([]);
    await picture(page, 'run');
  });

  it('completes a statement that is typed, runs it, and shows an error at its place', async () => {
    await open(page, '/query', '.cm-content');
    await until(
      page,
      "performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith('/api/completion') && responseEnd > 0)",
    );
    const editor = page.locator('.cm-content');
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('SELECT stu');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('SELECT * FROM campus.stude', { delay: 20 });
    await page.waitForSelector('.cm-tooltip-autocomplete li');
    expect(await page.textContent('.cm-tooltip-autocomplete')).toContain('students');
    await picture(page, 'completion');
    // The list takes no key in its first moment, so that nothing is chosen by somebody who types on.
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
    await expect.poll(() => editor.textContent()).toMatch(/campus\.student\w+/);
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.rows tbody tr');
    expect(await page.textContent('.rows thead')).toContain('student_id');

    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('SELECT nothing_like_it FROM campus.students ');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.cm-mistake');
    expect(await page.textContent('.cm-mistake')).toBe('nothing_like_it');
    expect(await page.textContent('[role=alert]')).toContain('nothing_like_it');
    await picture(page, 'mistake');
  });

  it('scrolls a million rows, by pixel, by key and by number, and keeps few of them', async () => {
    const numbers = (last: number) => `UNNEST(sequence(1, ${last}))`;
    const sql = `SELECT a.n * 1000 + b.n - 1000 AS n, 'row' AS what FROM ${numbers(1000)} AS a (n) CROSS JOIN ${numbers(1000)} AS b (n) ORDER BY 1`;
    await open(page, `/query?run=1&sql=${encodeURIComponent(sql)}`, '.rows tbody tr');
    await until(page, "document.querySelector('.actions .state')?.textContent.includes('1,000,000 rows in')");
    const first = () => page.textContent('.rows tbody tr:first-child td');
    await until(page, "document.querySelector('.rows tbody td')?.textContent === '1'");
    await page.locator('.rows').focus();
    await page.keyboard.press('PageDown');
    await until(page, "document.querySelector('.rows tbody td')?.textContent === '19'");
    await page.keyboard.press('End');
    await until(
      page,
      "[...document.querySelectorAll('.rows tbody tr')].at(-1)?.textContent.includes('1000000')",
    );
    await page.fill('input[name=row]', '500000');
    await page.click('button:text-is("Go")');
    await until(page, "document.querySelector('.rows tbody td')?.textContent === '500000'");
    for (let i = 1; i <= 40; i++) {
      await page.evaluate(`document.querySelector('.rows').scrollTop = ${i * 200_000}`);
      await page.waitForTimeout(30);
    }
    await until(page, "!document.querySelector('.rows tbody').textContent.includes('…')");
    expect(Number(await first())).toBeGreaterThan(990_000);
    expect(await page.locator('.rows tbody tr').count()).toBeLessThan(40);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('HeapProfiler.collectGarbage');
    const heap = (await devtools.send('Runtime.getHeapUsage')) as { usedSize: number };
    console.log(`${(heap.usedSize / 1e6).toFixed(1)} MB of heap after a million rows`);
    expect(heap.usedSize).toBeLessThan(60e6);
  });

  it('gives a file with every row, and keeps a query in the repository', async () => {
    await open(
      page,
      `/query?run=1&sql=${encodeURIComponent('SELECT * FROM campus.students')}`,
      '.rows tbody tr',
    );
    for (const [word, head] of [
      ['CSV', 'student_id,'],
      ['Parquet', 'PAR1'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click(`a:text-is("${word}")`),
      ]);
      expect((await readFile((await download.path())!)).toString('latin1').startsWith(head)).toBe(true);
    }
    await page.click('summary:has-text("Saved queries")');
    await page.fill('.saved input', 'Everybody');
    await page.click('.saved button:text-is("Save this query")');
    await page.waitForSelector('text=queries/everybody.sql');
    await page.click('summary:has-text("Chart")');
    await picture(page, 'saved');
  });

  it('is walked by keyboard: every stop is seen, in order, and the editor lets go', async () => {
    await open(page, `/query?run=1&sql=${encodeURIComponent(QUERY)}`, '.rows tbody tr');
    await page.evaluate('document.activeElement?.blur()');
    const stops: string[] = [];
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab');
      stops.push(
        String(
          await page.evaluate(
            "(() => { const e = document.activeElement; if (!e || e === document.body) return 'BODY'; const box = e.getBoundingClientRect(); return (e.textContent || e.getAttribute('aria-label') || e.tagName).trim().slice(0, 24) + (e.matches(':focus-visible') || e.shadowRoot ? '' : ' UNSEEN') + (box.height < 1 ? ' NO-HEIGHT' : ''); })()",
          ),
        ),
      );
      if (stops.at(-1) === 'BODY') break;
    }
    expect(stops.join(' | ')).not.toMatch(/UNSEEN|NO-HEIGHT/);
    const at = (name: string) => stops.indexOf(name);
    expect(stops[0]).toBe('Skip to the content');
    expect(at('Run')).toBeGreaterThan(at('Dictionary'));
    expect(at('CSV')).toBeGreaterThan(at('Run'));
  });

  it('goes to the search of the dictionary with one key', async () => {
    await open(page, '/', '.verdict');
    await page.keyboard.press('/');
    await page.waitForSelector('input[type=search]:focus');
    await page.keyboard.type('birth');
    await until(page, "document.querySelector('tbody')?.textContent.includes('birth_date')");
    expect(await page.textContent('tbody tr')).toContain('birth_date');
  });

  it('shows a role what it may see, and nothing else', async () => {
    const advisers = await demo.lake(
      'query',
      '--format',
      'csv',
      'SELECT advisor_id FROM campus.advisor_list LIMIT 1',
    );
    const adviser = advisers.trim().split(/\r?\n/)[1]!;
    const own = await demo.serve('--role', 'adviser', '--as', adviser);
    const theirs = await enter(own.link);
    expect(await theirs.textContent('nav')).not.toContain('Runs');
    expect(await theirs.textContent('nav')).not.toContain('Jobs');
    await open(theirs, '/datasets', 'tbody tr');
    const tables = (await theirs.textContent('tbody')) ?? '';
    expect(tables).toContain('campus.students');
    expect(tables).not.toMatch(/sis\.|canvas\.|ops\./);
    await open(theirs, '/dictionary?q=registrar_persons', '.empty');
    await open(
      theirs,
      `/query?run=1&sql=${encodeURIComponent('SELECT count(*) AS n FROM campus.students')}`,
      '.rows td',
    );
    const all = (await demo.lake('query', '--format', 'csv', 'SELECT count(*) FROM campus.students')).split(
      /\r?\n/,
    )[1]!;
    await until(theirs, "/^\\d+$/.test(document.querySelector('.rows td')?.textContent ?? '')");
    expect(Number(await theirs.textContent('.rows td'))).toBeLessThan(Number(all));
    await open(
      theirs,
      `/query?run=1&sql=${encodeURIComponent('SELECT * FROM sis.registrar_persons')}`,
      '[role=alert]',
    );
    expect(await theirs.textContent('[role=alert]')).toContain('There is no table');
    await picture(theirs, 'role');
    const log = await demo.lake('access', 'log', '--json');
    expect(log).toContain('"role": "adviser"');
    await theirs.close();
    expect(await own.stop()).toBe(0);
  });

  it('shows a run while it goes, and what went wrong; acts on an incident by a click', async () => {
    await open(page, '/', '.verdict');
    // The demo's sources are gone.
    await demo.lake('run').catch(() => undefined);
    await until(page, "document.querySelector('.verdict-bad')");
    expect(await page.textContent('main')).toContain('Waiting for you');
    await picture(page, 'bad');
    await open(page, '/incidents', '.matters a');
    expect(await violations(page)).toEqual([]);
    await page.click('.matters a:has-text("does not answer")');
    await page.waitForSelector('text=Actions');
    expect(await page.textContent('main')).toContain('Evidence');
    expect(await violations(page)).toEqual([]);
    await picture(page, 'incident');
    await page.click('button:text-is("Acknowledge")');
    await page.waitForSelector('text=Acknowledged.');
    await page.click('.matter button');
    await page.waitForSelector('dialog[open]');
    expect(await violations(page)).toEqual([]);
    await page.click('dialog button:text-is("Do it")');
    await until(page, "/Done:|done before/.test(document.querySelector('main').textContent)");
    await page.fill('input[name=how]', 'set the secret');
    await page.click('button:text-is("Resolve")');
    await page.waitForSelector('[role=status]:text-is("Resolved.")');
    // The page is read again, has nothing left to do, and still says what was done.
    await until(page, "document.querySelector('main .tag')?.textContent === 'resolved'");
    expect(await page.locator('main button:visible').count()).toBe(0);
    expect(await page.textContent('section [role=status]')).toBe('Resolved.');
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Resolved.');
    expect(await demo.lake('query', 'SELECT repair, done_by FROM ops.repairs').catch(() => '')).toMatch(
      /run-again|repair/,
    );
    // It ends with 1 while one is open.
    const listed = await demo
      .lake('incidents', 'list', '--all')
      .catch((error: { stdout: string }) => error.stdout);
    expect(listed).toContain('resolved');
  });

  it('has broken no rule of its own policy, and ends in order with Ctrl+C', async () => {
    expect(said.filter((text) => !/status of 400|status of 410/.test(text))).toEqual([]);
    expect(await served.stop()).toBe(0);
  });
});
