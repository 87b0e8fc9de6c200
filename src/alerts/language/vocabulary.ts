import { type Word, word } from './word.ts';
import { QUERY_WORDS } from './words-query.ts';
import { SERIES_WORDS } from './words-series.ts';
import { STACK_WORDS } from './words-stack.ts';
import { STATEFUL_WORDS } from './words-stateful.ts';

const LEGEND: Word = word(
  'legend',
  ['series', 'text'],
  'how its series are called: `$tag` is a tag',
  ([of, legend]) => [{ kind: 'styled', of, legend }],
);

/** All forms of all words by group, in the order in which they are tried. */
export const WORD_GROUPS: readonly { readonly title: string; readonly words: readonly Word[] }[] = [
  { title: 'Stack', words: STACK_WORDS },
  { title: 'Queries', words: QUERY_WORDS },
  { title: 'Series', words: SERIES_WORDS },
  { title: 'Series with a memory', words: STATEFUL_WORDS },
  { title: 'Names', words: [LEGEND] },
];

/** The forms of a word by its name. */
export const VOCABULARY: ReadonlyMap<string, readonly Word[]> = byName();

function byName(): Map<string, Word[]> {
  const forms = new Map<string, Word[]>();
  for (const one of WORD_GROUPS.flatMap(({ words }) => words))
    forms.set(one.name, [...(forms.get(one.name) ?? []), one]);
  return forms;
}

/**
 * Words of Atlas that need what a stream does not have: later data, all of the past, or a graph.
 * Source: https://netflix.github.io/atlas-docs/asl/alerting-expressions/
 */
export const NOT_ON_STREAM: ReadonlySet<string> = new Set([
  'offset',
  'integral',
  'cumulative-max',
  'filter',
  'stat',
  'stat-min',
  'stat-max',
  'stat-avg',
  'stat-last',
  'stat-total',
  'topk',
  'bottomk',
  'percentiles',
  'sdes',
  'sdes-simple',
  'sdes-fast',
  'sdes-slow',
  'sdes-slower',
  'random',
  'srandom',
  'time',
  'time-span',
]);
