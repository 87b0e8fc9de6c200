import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { pythonVenv } from '../python-venv.ts';
import type { PackFinding } from './nag.ts';

/** Of files that are named `<part>-<digest>.json`. */
interface Report {
  readonly results: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly file_path: string;
      readonly resource: string;
    }[];
  };
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
}

/**
 * What checkov finds in a folder of templates, without asking its service: `CKV_AWS_116` at `pipeline/Functionlms…`.
 * @throws Error where it cannot read one
 */
export async function checkovFindings(folder: string): Promise<PackFinding[]> {
  const programs = await pythonVenv('checkov', path.join(import.meta.dirname, 'checkov-requirements.txt'));
  const words = ['--directory', folder, '--framework', 'cloudformation', '--output', 'json', '--compact'];
  const { stdout } = await promisify(execFile)(
    path.join(programs, 'checkov'),
    [...words, '--quiet', '--skip-download', '--soft-fail'],
    { maxBuffer: 256 * 1024 * 1024 },
  );
  const { results, summary } = JSON.parse(stdout) as Report;
  if (summary.parsing_errors > 0 || summary.passed === 0)
    throw new Error(`checkov read the templates with ${summary.parsing_errors} errors`);
  return results.failed_checks.map(({ check_id: rule, file_path, resource }) => ({
    pack: 'checkov',
    rule,
    where: `${path.basename(file_path).replace(/-[0-9a-f]{8}\.json$/, '')}/${resource.split('.').at(-1)}`,
  }));
}
