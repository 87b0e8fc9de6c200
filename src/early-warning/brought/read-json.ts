import { z } from 'zod';
import { findings } from '../../campus/issues.ts';
import { BroughtModelError } from '../errors.ts';
import type { BroughtWeek, Provenance } from './brought-model.ts';
import { checkWeeks } from './check-weeks.ts';

/** How the file says what it is. */
const FORMAT = 'campus-lake/early-warning-model';

export const NAME = /^[a-z][a-z0-9-]{0,59}$/;

const number = z.number().min(-1e9).max(1e9);
const text = (about: string) => z.string().trim().min(1).max(2000).describe(about);

const measureSchema = z.strictObject({
  coefficient: number.describe('what one unit of the scale adds to the log-odds'),
  centre: number.default(0).describe('what is taken from the value first'),
  scale: number.positive().default(1).describe('what the difference is divided by'),
  whenMissing: number.optional().describe('the value where the measure is missing'),
});

const weekSchema = z.strictObject({
  week: z.int().min(1).max(60).describe('the week of the term from which on it holds'),
  intercept: number.describe('the log-odds where every measure is at its centre'),
  measures: z.record(z.string(), measureSchema).describe('by the name of a measure of the lake'),
});

/** See docs/early-warning.md for an example. */
const modelSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  name: z.string().regex(NAME, 'a name of lower-case letters, digits and -, at most 60').describe('its name'),
  licence: text('under which it may be used'),
  contact: text('who answers for it'),
  source: text('where it was published, or who made it'),
  intendedUse: text('what it is for'),
  trainedOn: text('on whom it was trained'),
  weeks: z.array(weekSchema).min(1).max(60),
});

/**
 * @param file its name, for messages
 * @throws BroughtModelError naming everything that is wrong with it
 */
export function readJson(
  file: string,
  content: string,
): Provenance & { readonly name: string; readonly weeks: readonly BroughtWeek[] } {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new BroughtModelError(`${file} is not JSON.`, {
      about: file,
      cause,
      hint: 'docs/early-warning.md has an example; PMML begins with <PMML',
    });
  }
  const found = findings(modelSchema, value);
  if (found.length > 0) {
    throw new BroughtModelError(
      `${file} is no model that the lake can use:\n${found.map((one) => `  ${one.text}`).join('\n')}`,
      { about: file, hint: 'docs/early-warning.md has an example with every key' },
    );
  }
  const { format: _, version: __, ...model } = modelSchema.parse(value);
  return { ...model, weeks: checkWeeks(file, model.weeks) };
}
