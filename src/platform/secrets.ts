import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { SecretRef, SecretStore } from '../ports/secrets.ts';

/** A secret is not where campus.yaml says. Names the reference, never the value. */
export class SecretError extends InputError {}

export interface SecretsOptions {
  /** The folder of campus.yaml, in which the paths of secret files start. */
  readonly root: string;
  /** Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Reads from AWS Secrets Manager. Absent: this target has none. @throws SecretError */
  readonly managed?: (ref: Extract<SecretRef, { secretsManager: string }>) => Promise<string>;
}

/**
 * Secrets in environment variables, in files, and in a service where the target has one. Variables and files are
 * read again each time, so that a rotated secret is taken without a restart.
 */
export function openSecrets({ root, env = process.env, managed }: SecretsOptions): SecretStore {
  async function read(ref: SecretRef): Promise<string> {
    if ('env' in ref) return readVariable(ref, env);
    if ('file' in ref) return readSecretFile(ref, root);
    if (managed) return managed(ref);
    throw new SecretError(`${nameOfSecret(ref)} can only be read by the AWS target`, {
      hint: 'on one machine a secret lies in an environment variable, { env: NAME }, or in a file, { file: path }',
    });
  }
  return {
    async get(ref) {
      const text = await read(ref);
      if (text === '') throw new SecretError(`${nameOfSecret(ref)} is empty`, { hint: adviceOn(ref) });
      return text;
    },
  };
}

/** How a secret's place reads in a message: `the environment variable SIS_PASSWORD`. */
export function nameOfSecret(ref: SecretRef): string {
  if ('env' in ref) return `the environment variable ${ref.env}`;
  if ('file' in ref) return `the secret file ${ref.file}`;
  const field = ref.field === undefined ? '' : `the field ${ref.field} of `;
  return `${field}the secret ${ref.secretsManager} in AWS Secrets Manager`;
}

/** What to do where there is no such secret. */
export function adviceOn(ref: SecretRef): string {
  if ('env' in ref) return `set it before the command: export ${ref.env}=…`;
  if ('file' in ref) return `write the secret into it, readable for this user only: chmod 600 ${ref.file}`;
  return `put it there: aws secretsmanager put-secret-value --secret-id ${ref.secretsManager} --secret-string …`;
}

function readVariable(
  ref: Extract<SecretRef, { env: string }>,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const value = env[ref.env];
  if (value !== undefined) return value;
  throw new SecretError(`${nameOfSecret(ref)} is not set`, { hint: adviceOn(ref) });
}

async function readSecretFile(ref: Extract<SecretRef, { file: string }>, root: string): Promise<string> {
  try {
    // One newline at the end, and a byte order mark, are what an editor leaves; anything else may belong to the secret.
    return (await readFile(resolve(root, ref.file), 'utf8')).replace(/^\uFEFF/, '').replace(/\r?\n$/, '');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? 'unknown cause'})`;
    throw new SecretError(`${nameOfSecret(ref)} ${what}`, { cause, hint: adviceOn(ref) });
  }
}
