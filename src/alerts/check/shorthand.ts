import type { Tags } from '../language/query.ts';

/** A series of a test: its tags and its values, one a step; undefined: none at that step. */
export interface WrittenSeries {
  readonly tags: Tags;
  readonly values: readonly (number | undefined)[];
}

/** A mistake in the shorthand of a series. */
export class ShorthandFault extends Error {
  readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }
}

const SERIES = /^\s*([^{}\s]*)\s*(?:\{(.*)\})?\s*$/s;
const TAG = /\s*([^\s=,"]+)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y;
const NUMBER = String.raw`[+-]?(?:NaN|Inf|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)`;
const PART = new RegExp(
  `^(?:(?<gap>_)|(?<first>${NUMBER})(?:(?<sign>[+-])(?<change>\\d+(?:\\.\\d+)?|\\.\\d+))?)(?:x(?<times>\\d+))?$`,
  'i',
);
const MOST_VALUES = 100_000;

/**
 * `name{key="value"}` as tags. @throws ShorthandFault where it cannot be read
 */
export function readTags(text: string): Tags {
  const found = SERIES.exec(text);
  if (!found || found[0].trim() === '')
    throw new ShorthandFault(`"${text}" is no series, such as name{key="value"}`);
  const tags = new Map<string, string>();
  if (found[1]) tags.set('name', found[1]);
  const inner = (found[2] ?? '').trim();
  TAG.lastIndex = 0;
  while (TAG.lastIndex < inner.length) {
    const tag = TAG.exec(inner);
    if (!tag) throw new ShorthandFault(`the tags of "${text}" cannot be read; they are written key="value"`);
    tags.set(tag[1]!, tag[2]!.replace(/\\(.)/g, '$1'));
  }
  return tags;
}

/**
 * The values of a series in the shorthand of promtool: `1 2 _ 4`, `0+1x5` (0 to 5), `3x2` (three times 3), `_x4`.
 * Source: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 * @throws ShorthandFault where it cannot be read
 */
export function readValues(text: string): (number | undefined)[] {
  const values: (number | undefined)[] = [];
  for (const part of text.split(/\s+/).filter((one) => one !== '')) {
    if (part === 'stale') {
      values.push(undefined);
      continue;
    }
    const groups = PART.exec(part)?.groups;
    if (!groups) throw new ShorthandFault(`"${part}" is no value, such as 1, _, 0+1x5 or 3x2`);
    const times = groups.times === undefined ? 0 : Number(groups.times);
    if (values.length + times > MOST_VALUES)
      throw new ShorthandFault(`"${part}" makes more than ${MOST_VALUES} values`);
    if (groups.gap) {
      for (let i = 0; i < Math.max(times, groups.times === undefined ? 1 : times); i++)
        values.push(undefined);
      continue;
    }
    const first = numberIn(groups.first!);
    const change = groups.change === undefined ? 0 : Number(`${groups.sign}${groups.change}`);
    for (let i = 0; i <= times; i++) values.push(first + i * change);
  }
  return values;
}

const numberIn = (text: string): number => Number(text.replace(/inf$/i, 'Infinity').replace(/nan$/i, 'NaN'));
