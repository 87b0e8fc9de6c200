import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { pythonVenv } from '../python-venv.ts';

/** It reads the whole specification of each resource: slow on a busy machine. */
export const LINT_MS = 300_000;

/**
 * What cfn-lint calls an error in these templates: `E3012 …`.
 * @param files paths of templates
 */
export async function lintErrors(files: readonly string[]): Promise<string[]> {
  const programs = await pythonVenv('cfn-lint', path.join(import.meta.dirname, 'requirements.txt'));
  const words = ['--format', 'json', '--regions', 'us-east-1', '--', ...files];
  const { stdout } = await promisify(execFile)(path.join(programs, 'cfn-lint'), words, {
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => error);
  const said = JSON.parse(stdout || '[]') as Finding[];
  return said
    .filter(({ Level }) => Level === 'Error')
    .map(({ Rule, Message, Filename }) => `${path.basename(Filename)}: ${Rule.Id} ${Message}`);
}

interface Finding {
  readonly Level: string;
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Filename: string;
}
