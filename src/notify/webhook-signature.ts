import { createHmac } from 'node:crypto';
import { NotifyError } from './errors.ts';

/**
 * The headers of a signed request, by https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets `whsec_` and base64 of 24 to 64 bytes each; while a secret is changed, the new one and the one before
 * @param at epoch ms of this attempt: receivers refuse what is older than some minutes
 * @throws NotifyError for a secret that is none
 */
export function webhookHeaders(
  { id, at, body }: { readonly id: string; readonly at: number; readonly body: string },
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${mac}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

function keyOf(secret: string): Buffer {
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  const key = Buffer.from(text, 'base64');
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
  if (isBase64 && key.length >= 24 && key.length <= 64) return key;
  throw new NotifyError('The secret of a subscription is not whsec_ and 24 to 64 bytes in base64.', {
    hint: 'Make one: `echo "whsec_$(openssl rand -base64 32)"`',
  });
}
