import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The newest server that is on Maven Central, and the connectors of Athena's two kinds of tables. */
const VERSION = '476';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'campus-lake');

/**
 * Trino with its Hive and Iceberg connectors, from Maven Central: 800 MB, kept outside of the checkout.
 * @returns its folder
 */
export async function installTrino(): Promise<string> {
  const home = path.join(CACHE, `trino-${VERSION}`);
  // Written last, so that an installation that broke off is begun again.
  const done = path.join(home, 'installed.txt');
  if (await stat(done).catch(() => undefined)) return home;
  const parts = path.join(CACHE, `trino-${VERSION}-parts`);
  await rm(home, { recursive: true, force: true });
  await mkdir(path.join(home, 'plugin'), { recursive: true });
  await mkdir(parts, { recursive: true });
  const get = (name: string, type: string) =>
    run('mvn', [
      '-q',
      '-B',
      COPY,
      `-Dartifact=io.trino:${name}:${VERSION}:${type}`,
      `-DoutputDirectory=${parts}`,
      '-Dmdep.useBaseVersion=true',
    ]);
  await get('trino-server-core', 'tar.gz');
  await run('tar', [
    'xzf',
    path.join(parts, `trino-server-core-${VERSION}.tar.gz`),
    '-C',
    home,
    '--strip-components=1',
  ]);
  for (const plugin of ['hive', 'iceberg']) {
    await get(`trino-${plugin}`, 'zip');
    const inside = path.join(home, 'plugin');
    await run(
      path.join(await java25(), 'bin/jar'),
      ['xf', path.join(parts, `trino-${plugin}-${VERSION}.zip`)],
      {
        cwd: inside,
      },
    );
    await rename(path.join(inside, `trino-${plugin}-${VERSION}`), path.join(inside, plugin));
  }
  await rm(parts, { recursive: true, force: true });
  await writeFile(done, VERSION);
  return home;
}

/** The home of a Java that Trino runs on: 24 or newer. */
export async function java25(): Promise<string> {
  if (process.env.JAVA_HOME_25) return process.env.JAVA_HOME_25;
  const places = ['/usr/lib/jvm', '/opt/java', '/Library/Java/JavaVirtualMachines'];
  for (const place of places) {
    const found = (await readdir(place).catch(() => [])).find((name) => /(^|[-.])25([-.]|$)/.test(name));
    if (found) return path.join(place, found);
  }
  throw new Error('The Athena suite runs Trino, which needs Java 25: set JAVA_HOME_25 to its folder.');
}
