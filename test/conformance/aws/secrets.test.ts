import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAwsSecrets } from '../../../src/platform/aws/secrets.ts';
import { SecretError } from '../../../src/platform/secrets.ts';
import type { SecretRef } from '../../../src/ports/secrets.ts';
import { handClock } from '../../contract/rate-limits.ts';
import { clientConfig } from './clients.ts';
import { type Ministack, startMinistack } from './ministack.ts';

let ministack: Ministack;
let secretsManager: SecretsManagerClient;
beforeAll(async () => {
  ministack = await startMinistack();
  secretsManager = new SecretsManagerClient(clientConfig(ministack.endpoint));
  const create = (Name: string, more: object) =>
    secretsManager.send(new CreateSecretCommand({ Name, ...more }));
  await create('lake/plain', { SecretString: 'hush, "quoted"' });
  await create('lake/fields', { SecretString: '{"password":"hush","port":5432,"list":[]}' });
  await create('lake/binary', { SecretBinary: Buffer.from('bytes') });
  await create('lake/broken', { SecretString: '{"password":"hush"' });
});
afterAll(() => ministack.stop());

const open = (clock = handClock(0)) =>
  openAwsSecrets({ secretsManager, clock, root: '/nowhere', env: { HERE: 'from env' } });

describe('a secret of the AWS target', () => {
  it.each<[string, SecretRef, string]>([
    ['a secret, whole', { secretsManager: 'lake/plain' }, 'hush, "quoted"'],
    ['a field of one', { secretsManager: 'lake/fields', field: 'password' }, 'hush'],
    ['a number in a field', { secretsManager: 'lake/fields', field: 'port' }, '5432'],
    ['bytes', { secretsManager: 'lake/binary' }, 'bytes'],
    ['the environment, as on one machine', { env: 'HERE' }, 'from env'],
  ])('is read from %s', async (_where, ref, expected) => {
    expect(await open().get(ref)).toBe(expected);
  });

  it.each<[string, SecretRef, string]>([
    [
      'that is not there',
      { secretsManager: 'lake/none' },
      'secret lake/none in AWS Secrets Manager does not exist',
    ],
    ['without the field', { secretsManager: 'lake/fields', field: 'user' }, 'no text in the field user'],
    ['whose field is no text', { secretsManager: 'lake/fields', field: 'list' }, 'no text in the field list'],
    ['that is no JSON', { secretsManager: 'lake/broken', field: 'password' }, 'is not JSON'],
    ['in a file that is not there', { file: 'none' }, 'secret file none does not exist'],
  ])('%s is told by its name and never by its value', async (_what, ref, message) => {
    const error = await open()
      .get(ref)
      .catch((e: unknown) => e);

    expect(error).toBeInstanceOf(SecretError);
    expect((error as SecretError).message).toContain(message);
    expect((error as SecretError).hint).toBeTruthy();
    expect(
      JSON.stringify([error, (error as SecretError).message, String((error as SecretError).cause)]),
    ).not.toContain('hush');
  });

  it('is asked for once, and taken again some minutes after it was rotated', async () => {
    await secretsManager.send(new CreateSecretCommand({ Name: 'lake/rotated', SecretString: 'old' }));
    const clock = handClock(0);
    const secrets = open(clock);
    const seen = [await secrets.get({ secretsManager: 'lake/rotated' })];
    await secretsManager.send(new PutSecretValueCommand({ SecretId: 'lake/rotated', SecretString: 'new' }));

    seen.push(await secrets.get({ secretsManager: 'lake/rotated' }));
    clock.advance(5 * 60_000);
    seen.push(await secrets.get({ secretsManager: 'lake/rotated' }));

    expect(seen).toEqual(['old', 'old', 'new']);
  });
});
