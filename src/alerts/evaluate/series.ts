import type { Tags } from '../language/query.ts';

/** A series at one step. */
export interface Sample {
  readonly tags: Tags;
  readonly value: number;
}

/** What stands for a query to which nothing belongs. */
export const NO_DATA: Tags = new Map([['name', 'NO_DATA']]);

/** The values of keys as a text that tells groups apart; undefined where one of them is missing. */
export function groupKey(keys: readonly string[], tags: Tags): string | undefined {
  if (keys.length === 1) return tags.get(keys[0]!);
  let text = '';
  for (const key of keys) {
    const value = tags.get(key);
    if (value === undefined) return undefined;
    // The length before each value: no two groups share a text, whatever is in their values.
    text += `${value.length}:${value}`;
  }
  return text;
}

/** All tags as a text that tells series apart. */
export function seriesKey(tags: Tags): string {
  if (tags.size === 1) {
    const [[key, value]] = tags as unknown as [[string, string]];
    return `${key}=${value}`;
  }
  return [...tags]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key.length}:${key}${value.length}:${value}`)
    .join('');
}

/** The tags as text, as Atlas labels a series: `course=BIO101, student=S1`. */
export const labelOf = (tags: Tags): string =>
  tags.size === 0
    ? 'NO TAGS'
    : [...tags]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}=${value}`)
        .join(', ');

/** A legend with each `$tag` or `$(tag)` as its value; a tag that is not there as its name. */
export const fillLegend = (legend: string, tags: Tags): string =>
  legend.replace(
    /\$(?:\(([^)]*)\)|([\w.-]*\w))/g,
    (_, inner: string | undefined, plain: string | undefined) => {
      const key = inner ?? plain!;
      return tags.get(key) ?? key;
    },
  );
