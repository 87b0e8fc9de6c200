import type { CampusFile } from './campus-schema.ts';

/** Where the secret keys of the pseudonyms lie, the oldest first: `privacy.key`, and those that have followed it. */
export const pseudonymSecrets = ({ privacy }: Pick<CampusFile, 'privacy'>) =>
  privacy.key ? [privacy.key, ...(privacy.rotations ?? [])] : [];
