import type { Campus } from '../../campus/campus.ts';
import { pseudonymSecrets } from '../../campus/pseudonym-secrets.ts';
import { isLms } from '../../campus/source-role.ts';
import { nameOfSecret } from '../../platform/secrets.ts';
import type { SecretRef } from '../../ports/secrets.ts';
import { type DoctorContext, type Finding, failed, ok, warn } from './finding.ts';

/** Shorter keys can be guessed; the pseudonyms are HMAC-SHA-256. */
const KEY_BYTES = 32;

/** Whether every secret that campus.yaml names is where it says. */
export async function checkSecrets({ campus, secrets }: DoctorContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  const refs = secretRefs(campus);
  for (const [use, ref] of refs) {
    try {
      const text = await secrets.get(ref);
      if (use.startsWith('privacy.') && Buffer.byteLength(text) < KEY_BYTES)
        findings.push(
          warn(
            'privacy',
            `the key of the pseudonyms (${nameOfSecret(ref)}) has fewer than ${KEY_BYTES} bytes`,
            'make one with: openssl rand -hex 32. Pseudonyms made so far change with it: reload what has them',
          ),
        );
    } catch (error) {
      findings.push(failed('secrets', error));
    }
  }
  if (findings.every((f) => f.status !== 'fail') && refs.length > 0)
    findings.unshift(ok('secrets', `${refs.length} of them, all where campus.yaml says`));
  return findings;
}

/** Every secret that the campus names, with the place in campus.yaml that names it. */
export function secretRefs(campus: Campus): [string, SecretRef][] {
  const refs: [string, SecretRef][] = [];
  for (const [name, source] of Object.entries(campus.sources)) {
    if (isLms(source)) {
      refs.push([`sources.${name}`, source.clientId], [`sources.${name}`, source.clientSecret]);
    } else {
      refs.push([`sources.${name}`, source.password]);
    }
  }
  for (const [i, ref] of pseudonymSecrets(campus).entries())
    refs.push([i === 0 ? 'privacy.key' : `privacy.rotations[${i - 1}]`, ref]);
  for (const notify of campus.notify) {
    if ('url' in notify) refs.push([`notify.${notify.kind}`, notify.url]);
    if ('ca' in notify && notify.ca) refs.push([`notify.${notify.kind}.ca`, notify.ca]);
    if ('password' in notify && notify.password) refs.push([`notify.${notify.kind}`, notify.password]);
    for (const key of ['secret', 'previousSecret', 'signingSecret'] as const) {
      const ref = key in notify ? (notify as Partial<Record<typeof key, SecretRef>>)[key] : undefined;
      if (ref) refs.push([`notify.${notify.kind}.${key}`, ref]);
    }
  }
  return refs;
}
