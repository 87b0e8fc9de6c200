import { ADMINISTRATOR } from '../access/authorize.ts';
import { InputError } from '../errors.ts';
import type { Session } from '../ports/session.ts';

/** @param what `Only the administrator …` @throws InputError for a role */
export function mustAdminister({ session }: { readonly session: Session }, what: string): void {
  if (session.role !== ADMINISTRATOR) throw new InputError(`Only the administrator ${what}.`);
}
