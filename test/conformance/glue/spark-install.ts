import { execFile } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { pythonVenv } from '../python-venv.ts';

const run = promisify(execFile);

/**
 * What Glue 5.1 brings beside Spark 3.5.6: Iceberg with its clients of AWS, and a file system for `s3://`.
 * https://docs.aws.amazon.com/glue/latest/dg/release-notes.html
 */
const JARS = [
  'org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.0',
  'org.apache.iceberg:iceberg-aws-bundle:1.10.0',
  'org.apache.hadoop:hadoop-aws:3.3.4',
  'com.amazonaws:aws-java-sdk-bundle:1.12.262',
];
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'campus-lake');

export interface Spark {
  /** Folder of `spark-submit` and of the Python that has PySpark. */
  readonly programs: string;
  /** Jars, as a class path. */
  readonly classPath: string;
}

/** Spark from PyPI and its jars from Maven Central, 400 MB that are kept outside of the checkout. */
export async function installSpark(): Promise<Spark> {
  const requirements = path.join(import.meta.dirname, '../sql/requirements.txt');
  const programs = await pythonVenv('spark', requirements);
  const home = path.join(CACHE, 'glue-jars');
  // Written last, so that an installation that broke off is begun again.
  const done = path.join(home, 'installed.txt');
  if (!(await stat(done).catch(() => undefined))) {
    await mkdir(home, { recursive: true });
    for (const jar of JARS) {
      const words = [`-Dartifact=${jar}:jar`, `-DoutputDirectory=${home}`, '-Dmdep.useBaseVersion=true'];
      await run('mvn', ['-q', '-B', COPY, ...words]);
    }
    await writeFile(done, JARS.join('\n'));
  }
  return { programs, classPath: path.join(home, '*') };
}
