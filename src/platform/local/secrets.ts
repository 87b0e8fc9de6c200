import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../../errors.ts';
import type { SecretRef, SecretStore } from '../ports.ts';

/** A secret is not where campus.yaml says. Names the reference, never the value. */
export class SecretError extends InputError {}

/**
 * Secrets of one machine: environment variables, and files relative to `root` (the folder of campus.yaml). Read
 * anew each time, so that a rotated secret is taken without a restart.
 */
export function openLocalSecrets(
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): SecretStore {
  return {
    async get(ref) {
      const text = await read(ref, root, env);
      if (text === '') throw new SecretError(`${nameOfSecret(ref)} is empty`, { hint: adviceOn(ref) });
      return text;
    },
  };
}

/** How a secret's place reads in a message: `the environment variable SIS_PASSWORD`. */
export function nameOfSecret(ref: SecretRef): string {
  if ('env' in ref) return `the environment variable ${ref.env}`;
  if ('file' in ref) return `the secret file ${ref.file}`;
  return `the secret ${ref.secretsManager} in AWS Secrets Manager`;
}

async function read(
  ref: SecretRef,
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  if ('env' in ref) {
    const value = env[ref.env];
    if (value === undefined)
      throw new SecretError(`${nameOfSecret(ref)} is not set`, { hint: adviceOn(ref) });
    return value;
  }
  if ('file' in ref) {
    try {
      // One newline at the end is what an editor leaves; anything else may belong to the secret.
      return (await readFile(resolve(root, ref.file), 'utf8')).replace(/\r?\n$/, '');
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? 'unknown cause'})`;
      throw new SecretError(`${nameOfSecret(ref)} ${what}`, { cause, hint: adviceOn(ref) });
    }
  }
  throw new SecretError(`${nameOfSecret(ref)} can only be read by the AWS home`, { hint: adviceOn(ref) });
}

function adviceOn(ref: SecretRef): string {
  if ('env' in ref) return `set it before the command: export ${ref.env}=…`;
  if ('file' in ref) return `write the secret into it, readable for this user only: chmod 600 ${ref.file}`;
  return 'on one machine a secret lies in an environment variable, { env: NAME }, or in a file, { file: path }';
}
