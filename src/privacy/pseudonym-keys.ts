import type { CampusFile } from '../campus/campus-schema.ts';
import { pseudonymSecrets } from '../campus/pseudonym-secrets.ts';
import type { SecretStore } from '../ports/secrets.ts';
import type { PseudonymKeys } from './pseudonym.ts';

/**
 * The secret keys of the pseudonyms; none where the campus has no key.
 * @throws SecretError where one cannot be read
 */
export async function pseudonymKeys({
  campus,
  platform,
}: {
  readonly campus: Pick<CampusFile, 'privacy'>;
  readonly platform: { readonly secrets: SecretStore };
}): Promise<PseudonymKeys> {
  const texts = await Promise.all(pseudonymSecrets(campus).map((ref) => platform.secrets.get(ref)));
  return texts.map((text) => Buffer.from(text));
}
