import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSecrets, SecretError } from '../../src/platform/secrets.ts';
import type { SecretRef } from '../../src/ports/secrets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'));
  await writeFile(join(folder, 'unix'), 'a secret \n');
  await writeFile(join(folder, 'windows'), 'a secret \r\n');
  await writeFile(join(folder, 'marked'), '\ufeffa secret\r\n');
  await writeFile(join(folder, 'two-lines'), 'a\n\n');
  await writeFile(join(folder, 'empty'), '\n');
});
afterAll(() => rm(folder, { recursive: true }));

const get = (ref: SecretRef) => openSecrets({ root: folder, env: { KEY: 'from env\n', EMPTY: '' } }).get(ref);

describe('a secret of one machine', () => {
  it.each([
    ['an environment variable, as it is', { env: 'KEY' }, 'from env\n'],
    ['a file without its trailing newline', { file: 'unix' }, 'a secret '],
    ['a file from Windows', { file: 'windows' }, 'a secret '],
    ['a file with a byte order mark', { file: 'marked' }, 'a secret'],
    ['a file that ends in an empty line', { file: 'two-lines' }, 'a\n'],
  ])('is read from %s', async (_where, ref, expected) => {
    expect(await get(ref)).toBe(expected);
  });

  it.each([
    ['a variable that is not set', { env: 'NOPE' }, 'environment variable NOPE is not set', 'export NOPE=…'],
    ['an empty variable', { env: 'EMPTY' }, 'EMPTY is empty', 'export EMPTY=…'],
    ['a file that is not there', { file: 'nope' }, 'secret file nope does not exist', 'chmod 600 nope'],
    ['an empty file', { file: 'empty' }, 'secret file empty is empty', 'chmod 600 empty'],
    ['a folder', { file: '.' }, 'cannot be read (EISDIR)', 'chmod'],
    [
      'Secrets Manager',
      { secretsManager: 'sis/password' },
      'sis/password in AWS Secrets Manager',
      '{ env: NAME }',
    ],
  ])('in %s is answered with where it was looked for and what to do', async (_what, ref, message, hint) => {
    const error = await get(ref as SecretRef).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SecretError);
    expect((error as SecretError).message).toContain(message);
    expect((error as SecretError).hint).toContain(hint);
  });
});
