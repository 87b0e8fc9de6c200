import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../ports/platform.ts';
import type { SecretRef, SecretStore } from '../../ports/secrets.ts';
import { adviceOn, nameOfSecret, openSecrets, SecretError } from '../secrets.ts';
import { called, isNamed } from './errors.ts';

export interface AwsSecretsOptions {
  readonly secretsManager: SecretsManagerClient;
  readonly clock: Pick<Clock, 'now'>;
  /** The folder of campus.yaml. */
  readonly root: string;
  /** Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

type ManagedRef = Extract<SecretRef, { secretsManager: string }>;

/** Each reading costs; a rotated secret is taken after this at the latest. */
const KEPT_MS = 5 * 60_000;

/** Secrets of the AWS target: in Secrets Manager, and as on one machine where campus.yaml says so. */
export function openAwsSecrets({ secretsManager, clock, root, env }: AwsSecretsOptions): SecretStore {
  const kept = new Map<string, { text: Promise<string>; until: number }>();

  function textOf(ref: ManagedRef): Promise<string> {
    const id = ref.secretsManager;
    const known = kept.get(id);
    if (known && clock.now() < known.until) return known.text;
    const text = fetchText(ref);
    kept.set(id, { text, until: clock.now() + KEPT_MS });
    text.catch(() => kept.delete(id));
    return text;
  }

  async function fetchText(ref: ManagedRef): Promise<string> {
    const id = ref.secretsManager;
    try {
      const found = await secretsManager.send(new GetSecretValueCommand({ SecretId: id }));
      return found.SecretString ?? Buffer.from(found.SecretBinary ?? []).toString();
    } catch (cause) {
      if (isNamed(cause, 'ResourceNotFoundException')) {
        throw new SecretError(`${nameOfSecret({ secretsManager: id })} does not exist, or has no value yet`, {
          cause,
          hint: adviceOn(ref),
        });
      }
      return called(`Reading ${nameOfSecret({ secretsManager: id })}`, id, Promise.reject(cause));
    }
  }

  return openSecrets({
    root,
    env,
    managed: async (ref) => {
      const text = await textOf(ref);
      return ref.field === undefined ? text : fieldOf(ref, ref.field, text);
    },
  });
}

function fieldOf(ref: ManagedRef, field: string, text: string): string {
  const wrong = (what: string) =>
    new SecretError(`${nameOfSecret({ secretsManager: ref.secretsManager })} ${what}`, {
      hint: `Make it a JSON object with the field ${field}, or leave field out in campus.yaml.`,
    });
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    // The parser's words quote the text: the secret.
    throw wrong('is not JSON');
  }
  if (fields === null || typeof fields !== 'object') throw wrong('is not a JSON object');
  const value = (fields as Record<string, unknown>)[field];
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw wrong(`has no text in the field ${field}`);
}
