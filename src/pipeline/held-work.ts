import { debugLog } from '../debug-log.ts';
import { type AskedWork, type Hold, type HoldLake, WORK_IN_WORDS } from '../ports/optional-work.ts';
import type { Lake } from '../ports/step.ts';

/**
 * The first hold that a feature puts on some work; undefined: it may be done. A feature that cannot say holds nothing:
 * a mistake in its file must not stop what a lake lives on.
 */
export async function heldBy(
  lake: HoldLake & { readonly report: Pick<Lake['report'], 'note'> },
  asked: AskedWork,
): Promise<Hold | undefined> {
  for (const { name, holds } of lake.features ?? []) {
    if (!holds) continue;
    try {
      const hold = await (await holds.load())(lake, asked);
      if (!hold) continue;
      const about = asked.about ? ` (${asked.about.join(', ')})` : '';
      if (!hold.again) lake.report.note(name, `held: ${WORK_IN_WORDS[asked.work]}${about}, ${hold.because}`);
      return hold;
    } catch (error) {
      debugLog(`what ${name} holds`, error);
    }
  }
  return undefined;
}
