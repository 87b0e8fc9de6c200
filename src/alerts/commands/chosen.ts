import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { Alert } from '../rules/alert.ts';
import { ALERTS_FILE } from '../tables.ts';

/** The alerts of those names, or all. @throws InputError for a name that is none */
export function chosen(alerts: readonly Alert[], names: readonly string[]): readonly Alert[] {
  const known = alerts.map(({ name }) => name);
  for (const name of names)
    if (!known.includes(name))
      throw new InputError(`There is no alert "${name}"${didYouMean(name, known)}.`, {
        hint:
          known.length === 0
            ? `write one in ${ALERTS_FILE}; docs/alerts.md shows how`
            : '`lake alerts list` shows them',
      });
  return names.length === 0 ? alerts : alerts.filter(({ name }) => names.includes(name));
}
