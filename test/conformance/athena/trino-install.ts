import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { installed } from '../tools.ts';

const run = promisify(execFile);

/** The newest server that is on Maven Central, and the connectors of Athena's two kinds of tables. */
const VERSION = '476';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

/** Trino with its Hive and Iceberg connectors, from Maven Central: 800 MB. @returns its folder */
export const installTrino = (): Promise<string> =>
  installed('trino', VERSION, async (home) => {
    const parts = path.join(home, 'parts');
    const plugins = path.join(home, 'plugin');
    await mkdir(plugins);
    await mkdir(parts);
    const server = await get('trino-server-core', 'tar.gz', parts);
    await run('tar', ['xzf', server, '-C', home, '--strip-components=1']);
    const jar = path.join(await java25(), 'bin/jar');
    for (const plugin of ['hive', 'iceberg']) {
      await run(jar, ['xf', await get(`trino-${plugin}`, 'zip', parts)], { cwd: plugins });
      await rename(path.join(plugins, `trino-${plugin}-${VERSION}`), path.join(plugins, plugin));
    }
    await rm(parts, { recursive: true });
  });

/** Its connector of tables in memory, which can be written and has no files. @returns the folder that holds `memory` */
export const installTrinoMemory = (): Promise<string> =>
  installed('trino-memory', VERSION, async (home) => {
    const jar = path.join(await java25(), 'bin/jar');
    const zip = await get('trino-memory', 'zip', home);
    await run(jar, ['xf', zip], { cwd: home });
    await rename(path.join(home, `trino-memory-${VERSION}`), path.join(home, 'memory'));
    await rm(zip);
  });

/** Fetches an artifact of Trino from Maven Central. @returns its path */
async function get(name: string, type: string, folder: string): Promise<string> {
  const artifact = `-Dartifact=io.trino:${name}:${VERSION}:${type}`;
  const words = [artifact, `-DoutputDirectory=${folder}`, '-Dmdep.useBaseVersion=true'];
  await run('mvn', ['-q', '-B', COPY, ...words]);
  return path.join(folder, `${name}-${VERSION}.${type}`);
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
