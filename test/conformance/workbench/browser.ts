import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const run = promisify(execFile);

/** Where distributions put it; the shell without windows first, which is the smallest. */
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The oldest that is known to do: `light-dark()` came with it. */
const LEAST = 123;

const PACKAGES = ['chromium-headless-shell', 'fonts-dejavu-core'];

/** The program of `CHROME`, one at a usual place, or Debian's, which is installed where this may be done. */
async function findBrowser(): Promise<string | undefined> {
  if (process.env.CHROME) return process.env.CHROME;
  const found = await firstOf(PLACES);
  if (found) return found;
  if (process.getuid?.() !== 0 || !(await firstOf(['/usr/bin/apt-get']))) return undefined;
  console.log(`No browser is here: installing ${PACKAGES.join(', ')}`);
  const apt = (...words: string[]) =>
    run('apt-get', words, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  await apt('update', '-q').catch(() => undefined);
  await apt('install', '-y', '-q', '--no-install-recommends', ...PACKAGES).catch((error: unknown) => {
    console.warn(`It could not be installed: ${String(error).slice(0, 300)}`);
  });
  return firstOf(PLACES);
}

async function firstOf(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    const isThere = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return place;
  }
  return undefined;
}

/** A browser without windows; undefined, and said so, where this machine has none that will do. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = await findBrowser();
  if (executablePath === undefined) {
    console.warn(
      'NO BROWSER: the workbench was not tried. Set CHROME to a Chromium, or install chromium-headless-shell.',
    );
    return undefined;
  }
  const browser = await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const version = browser.version();
  console.log(`${executablePath}, version ${version}`);
  if (Number(version.split('.')[0]) >= LEAST) return browser;
  console.warn(`BROWSER TOO OLD: ${LEAST} is the oldest that is known to do.`);
  await browser.close();
  return undefined;
}
