import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonVenv } from '../python-venv.ts';

/** What became of one model, test or hook. */
export interface DbtResult {
  /** dbt's own id, such as `model.campus_lake.students`. */
  readonly unique_id: string;
  readonly status: 'success' | 'pass' | 'fail' | 'warn' | 'error' | 'skipped';
  readonly failures: number | null;
  readonly message: string | null;
}

/** Stock dbt in an environment of its own. @returns a function that runs it in a project's folder */
export async function stockDbt(): Promise<(folder: string, ...args: string[]) => Promise<DbtResult[]>> {
  const programs = await pythonVenv('dbt', join(import.meta.dirname, 'requirements.txt'));
  return async (folder, ...args) => {
    const env = {
      ...process.env,
      DBT_PROFILES_DIR: folder,
      NO_COLOR: '1',
      // Nobody is asked: Athena's target is parsed and compiled only.
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      LAKE_DBT_S3: 's3://nowhere/',
    };
    // dbt ends with 1 where a test fails; what did is in its results.
    const ended = await promisify(execFile)(join(programs, 'dbt'), args, {
      cwd: folder,
      env,
      maxBuffer: 1 << 26,
    }).catch((error: { stdout: string }) => error);
    const text = await readFile(join(folder, 'target/run_results.json'), 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error(`dbt ${args.join(' ')} gave no results:\n${ended.stdout}`);
    return (JSON.parse(text) as { results: DbtResult[] }).results;
  };
}
