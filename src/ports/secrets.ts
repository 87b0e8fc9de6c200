/**
 * Where the passwords and keys of sources and channels come from.
 *
 * @example
 * ```ts
 * import type { SecretStore } from './secrets.ts';
 *
 * const password = (secrets: SecretStore) => secrets.get({ env: 'SIS_PASSWORD' });
 * ```
 */
export interface SecretStore {
  /**
   * The secret's text.
   * @throws SecretError naming the reference (never the value) when there is none
   */
  get(ref: SecretRef): Promise<string>;
}

/** Where a secret lies; `campus.yaml` never holds one. */
export type SecretRef =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly secretsManager: string; readonly field?: string };
