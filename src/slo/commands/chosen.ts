import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { Lake } from '../../ports/step.ts';
import { parseDuration } from '../burn-alerts.ts';
import type { Objectives } from '../load-objectives.ts';
import type { Objective } from '../objective.ts';
import { SLO_FILE } from '../tables.ts';

/** The objectives of those names, or all. @throws InputError for a name that is none */
export function chosen(
  { objectives }: Pick<Objectives, 'objectives'>,
  names: readonly string[],
): readonly Objective[] {
  for (const name of names)
    if (!objectives.some((one) => one.name === name)) {
      const known = objectives.map((one) => one.name);
      throw new InputError(`There is no objective "${name}"${didYouMean(name, known)}.`, {
        hint:
          known.length === 0
            ? `write one in ${SLO_FILE}; docs/service-levels.md shows how`
            : '`lake slo list` shows them',
      });
    }
  return names.length === 0 ? objectives : objectives.filter(({ name }) => names.includes(name));
}

/** Reads an instant with a zone; epoch ms. @throws InputError for what is none */
function instantOf(option: string, text: string): number {
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (Number.isNaN(moment))
    throw new InputError(`${option} ${text} is no time.`, {
      hint: 'ISO 8601 with a zone, such as 2026-11-20T08:00Z',
    });
  return moment;
}

/** The moment that `--at` names, or now. @throws InputError for what is no time, or one that has not come */
export function momentOf(at: string | undefined, { platform }: Pick<Lake, 'platform'>): number {
  const now = platform.clock.now();
  if (at === undefined) return now;
  const moment = instantOf('--at', at);
  if (moment > now) throw new InputError(`--at ${at} has not come yet.`, { hint: 'name a time of the past' });
  return moment;
}

/** What is silenced or approved ends within so long: nobody remembers what they allowed last term. */
const LONGEST_MS = 31 * 86_400_000;

/** The end that `--until` names: an instant, or a length from now. @throws InputError for one that is past or far off */
export function endOf(until: string, now: number): number {
  const length = parseDuration(until);
  const end = length === undefined ? instantOf('--until', until) : now + length;
  if (end <= now) throw new InputError(`--until ${until} is past.`, { hint: 'name a time to come, or 4h' });
  if (end - now > LONGEST_MS)
    throw new InputError(`--until ${until} is more than 31 days from now.`, {
      hint: 'name a time within 31 days; it can be done again',
    });
  return end;
}
