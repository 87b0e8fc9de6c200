import { LakeError } from '../../errors.ts';
import { applyRemedy } from '../../pipeline/repair/apply-remedy.ts';
import { type Damage, describeRemedy } from '../../pipeline/repair/damage.ts';
import { findDamage } from '../../pipeline/repair/find-damage.ts';
import type { Uses } from '../../ports/step.ts';
import { refuseHeld } from './work-held.ts';

export interface RepairOptions {
  /** Whether remedies are applied; otherwise they are only proposed. Default: false. */
  readonly apply?: boolean;
  /** Whether only sizes are compared, and no file is read whole. Default: false. */
  readonly quick?: boolean;
}

/** What became of one damage. */
export interface RepairOutcome extends Damage {
  readonly remedyInWords: string;
  readonly done: boolean;
  /** Why the remedy could not be applied, in the lake's words. */
  readonly error?: string;
}

/**
 * Finds what of a lake is damaged, and applies the remedies where that is asked for. One that fails is an outcome with
 * an `error`; the others are applied.
 * @throws RunLockedError when remedies are to be applied while a run works on the lake
 *
 * @example
 * ```ts
 * import type { Lake } from '../../ports/step.ts';
 * import { isRepaired, repairLake } from './repair-lake.ts';
 *
 * async function report(lake: Lake): Promise<boolean> {
 *   const outcomes = await repairLake(lake, { quick: true });
 *   for (const { about, found, remedyInWords } of outcomes) console.log(about, found, remedyInWords);
 *   return isRepaired(outcomes);
 * }
 * ```
 */
export async function repairLake(
  lake: Uses<'campus' | 'catalog' | 'objects' | 'ledger' | 'engine' | 'held'>,
  { apply = false, quick = false }: RepairOptions = {},
): Promise<RepairOutcome[]> {
  const look = () => findDamage(lake, { thorough: !quick });
  if (!apply) return (await look()).map((damage) => outcome(damage, { done: false }));
  const lock = await lake.platform.ledger.lock('`lake repair`');
  try {
    const outcomes: RepairOutcome[] = [];
    for (const damage of await look()) outcomes.push(outcome(damage, await tryRemedy(lake, damage)));
    return outcomes;
  } finally {
    await lock.release();
  }
}

/** Whether nothing is left for a person to do. */
export const isRepaired = (outcomes: readonly RepairOutcome[]): boolean =>
  outcomes.every(({ done, remedy }) => done || remedy.do === 'nothing');

type Attempt = Pick<RepairOutcome, 'done' | 'error'>;

const outcome = (damage: Damage, attempt: Attempt): RepairOutcome => ({
  ...damage,
  remedyInWords: describeRemedy(damage.remedy),
  ...attempt,
});

async function tryRemedy(lake: Uses<'objects' | 'ledger' | 'held'>, { remedy }: Damage): Promise<Attempt> {
  try {
    if (remedy.do === 'reload' || remedy.do === 'restage')
      await refuseHeld(lake, { work: 'reload', about: [remedy.dataset] });
    await applyRemedy(lake, remedy);
    return { done: true };
  } catch (error) {
    if (!(error instanceof LakeError)) throw error;
    return { done: false, error: error.message };
  }
}
