import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Ministack } from '../aws/ministack.ts';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../../..');
const bin = (name: string) => path.join(ROOT, 'node_modules/.bin', name);

export interface Deployment {
  /** Outputs by stack. */
  readonly outputs: Record<string, Record<string, string>>;
}

/**
 * Bootstraps the emulator as an account and deploys every stack of an app with the CDK's own command line.
 * @param app file of the app, relative to the project
 * @throws Error with all that the command line wrote
 */
export async function deploy(
  ministack: Ministack,
  app: string,
  { context = {}, stacks = ['--all'] }: { context?: Record<string, string>; stacks?: readonly string[] } = {},
): Promise<Deployment> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cdk-'));
  const outputs = path.join(folder, 'outputs.json');
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, CI: 'true', ...ministack.env };
  const synthesized = path.join(folder, 'out');
  const cdk = async (...words: string[]) => {
    try {
      await run(bin('cdk'), words, { cwd: ROOT, env, maxBuffer: 64 * 1024 * 1024 });
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`cdk ${words[0]} failed\n${stdout}${stderr}`);
    }
  };
  const given = Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  try {
    await cdk('synth', '--quiet', '--app', `${bin('tsx')} ${app}`, '--output', synthesized, ...given);
    await cdk('bootstrap', 'aws://000000000000/us-east-1', '--app', synthesized);
    const deploying = ['--app', synthesized, '--require-approval', 'never', '--outputs-file', outputs];
    await cdk('deploy', ...stacks, ...deploying);
    return { outputs: JSON.parse(await readFile(outputs, 'utf8')) as Deployment['outputs'] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
