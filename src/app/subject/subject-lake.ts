import { ADMINISTRATOR } from '../../access/authorize.ts';
import type { Closure } from '../../erasure/closure.ts';
import { PERSON } from '../../erasure/links.ts';
import { InputError } from '../../errors.ts';
import type { Eraser } from '../../ports/eraser.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { Lake } from '../../ports/step.ts';

/**
 * The parts of a lake by which somebody is taken out of it.
 * @throws InputError in a target that has none, and for a session that does not see every table whole
 */
export function erasing(lake: Pick<Lake, 'platform' | 'session'>): { register: ObjectStore; eraser: Eraser } {
  onlyAdministrator(lake);
  const { register, eraser } = lake.platform;
  if (register && eraser) return { register, eraser };
  throw new InputError('Requests about one person cannot be carried out in this target.', {
    hint: 'docs/subject-requests.md says where they can',
  });
}

/** By what a person can be looked up in the access log: as was asked, and by every number in the SIS. */
export const namesOf = (student: string, closure: Closure): string[] => [student, ...closure.texts(PERSON)];

/** @throws InputError for a session that does not see every table whole */
export function onlyAdministrator({ session }: Pick<Lake, 'session'>): void {
  if (session.role === ADMINISTRATOR) return;
  throw new InputError('Only the administrator of the lake carries out requests about one person.', {
    hint: 'leave out --role',
  });
}
