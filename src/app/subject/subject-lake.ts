import { InputError } from '../../errors.ts';
import type { Eraser } from '../../ports/eraser.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { Lake } from '../../ports/step.ts';

/** The parts of a lake by which somebody is taken out of it. @throws InputError in a target that has none */
export function erasing(lake: Pick<Lake, 'platform'>): { register: ObjectStore; eraser: Eraser } {
  const { register, eraser } = lake.platform;
  if (register && eraser) return { register, eraser };
  throw new InputError('Requests about one person are carried out by the lake on one machine only.', {
    hint: 'docs/subject-requests.md says what to do by hand in a lake on AWS',
  });
}
