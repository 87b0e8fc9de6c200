import { nearest } from '../../campus/nearest.ts';
import { BroughtModelError } from '../errors.ts';
import { COLUMNS } from '../measures.ts';
import type { BroughtWeek } from './brought-model.ts';

/**
 * @returns the weeks in their order
 * @throws BroughtModelError for a measure that the lake does not have, with the nearest, and for a week that is there twice
 */
export function checkWeeks(file: string, weeks: readonly BroughtWeek[]): BroughtWeek[] {
  const problems = weeks.flatMap(({ week, measures }, i) => [
    ...Object.keys(measures).flatMap((name) => unknown(name) ?? []),
    ...(Object.keys(measures).length === 0 ? [`week ${week} has no measures`] : []),
    ...(weeks.findIndex((other) => other.week === week) < i ? [`week ${week} is there twice`] : []),
  ]);
  if (problems.length > 0) {
    throw new BroughtModelError(
      `${file} is no model that the lake can use:\n${[...new Set(problems)].map((one) => `  ${one}`).join('\n')}`,
      { about: file, hint: `a model may use these measures: ${COLUMNS.join(', ')}` },
    );
  }
  return [...weeks].sort((a, b) => a.week - b.week);
}

function unknown(name: string): string | undefined {
  if (COLUMNS.includes(name)) return undefined;
  const near = nearest(name, COLUMNS);
  return `the lake has no measure "${name.slice(0, 80)}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
}
