import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { pythonVenv } from '../python-venv.ts';
import { installed } from '../tools.ts';

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

export interface Spark {
  /** Folder of `spark-submit` and of the Python that has PySpark. */
  readonly programs: string;
  /** Jars, as a class path. */
  readonly classPath: string;
}

/** Spark from PyPI and its jars from Maven Central, 400 MB. */
export async function installSpark(): Promise<Spark> {
  const programs = await pythonVenv('spark', path.join(import.meta.dirname, '../sql/requirements.txt'));
  const home = await installed('glue-jars', JARS.join('\n'), async (folder) => {
    for (const jar of JARS) {
      const words = [`-Dartifact=${jar}:jar`, `-DoutputDirectory=${folder}`, '-Dmdep.useBaseVersion=true'];
      await run('mvn', ['-q', '-B', COPY, ...words]);
    }
  });
  return { programs, classPath: path.join(home, '*') };
}
