import { LakeError } from '../../errors.ts';
import type { AskedWork } from '../../ports/optional-work.ts';
import type { Uses } from '../../ports/step.ts';

/** Work that was asked for has to wait, by a policy of the college. */
export class WorkHeldError extends LakeError {}

/** @throws WorkHeldError where the work has to wait */
export async function refuseHeld({ held }: Uses<'held'>, asked: AskedWork): Promise<void> {
  const hold = await held?.(asked);
  if (!hold) return;
  throw new WorkHeldError(`This has to wait: ${hold.because}.`, {
    hint: hold.hint,
    ...(asked.about?.length === 1 ? { about: asked.about[0]! } : {}),
  });
}
