const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Day = (typeof DAYS)[number];

const AGE = '[1-9]\\d{0,5}[mhdw]';
const DAY = `(?:${DAYS.join('|')})`;

/**
 * A promise about one table in a sentence, in the catalog and in headers of models. `school days` are Monday to Friday
 * without breaks.
 */
export const SHORT_OBJECTIVE = new RegExp(
  `^(?:freshness:? (${AGE})|by ((?:[01]\\d|2[0-3]):[0-5]\\d)(?: on (school days|every day|${DAY}(?:,? ${DAY})*))?(?:,? no older than (${AGE}))?|checks pass)` +
    '(?:, (\\d{1,3}(?:\\.\\d{1,12})? ?%))?(?: over ([1-9]\\d{0,2}[dw]|calendar (?:week|month|quarter|year)))?$',
);

export const SHORT_OBJECTIVE_EXAMPLES = [
  'freshness 26h, 99% over 28d',
  'by 07:00 on school days, 95% over 90d',
  'checks pass, 99.9%',
] as const;

/** What a sentence promises; everything in the words of an objective file. */
export interface ShortObjective {
  readonly promise: 'freshness' | 'ready' | 'checks';
  /** No older than this: of `freshness` always, of `ready` where it is said. */
  readonly age?: string;
  /** Of `ready`: `07:00` */
  readonly by?: string;
  readonly on?: readonly Day[];
  /** Default: 99% */
  readonly target: string;
  /** Default: 28d */
  readonly window: string;
}

/** As ODCS promises are read: a sentence that says no target has this one. */
const TARGET = '99%';
const WINDOW = '28d';

/** Undefined: it is no such sentence. */
export function readShortObjective(sentence: string): ShortObjective | undefined {
  const found = SHORT_OBJECTIVE.exec(sentence.trim());
  if (!found) return undefined;
  const [, age, by, on, readyAge, target = TARGET, window = WINDOW] = found;
  const rest = { target, window };
  if (age !== undefined) return { promise: 'freshness', age, ...rest };
  if (by === undefined) return { promise: 'checks', ...rest };
  return {
    promise: 'ready',
    by,
    on: daysOf(on),
    ...(readyAge === undefined ? {} : { age: readyAge }),
    ...rest,
  };
}

function daysOf(on = 'school days'): readonly Day[] {
  if (on === 'every day') return DAYS;
  return on === 'school days' ? DAYS.slice(0, 5) : (on.split(/,? /) as Day[]);
}

/**
 * For each sentence about one table, the place of an earlier one that makes the same kind of promise; undefined where there
 * is none. Which of two is meant nobody can tell, and they would have one name.
 */
export function promisedTwice(sentences: readonly string[]): (number | undefined)[] {
  const kinds = sentences.map((sentence) => readShortObjective(sentence)?.promise);
  return kinds.map((kind, i) => {
    const first = kinds.indexOf(kind);
    return kind !== undefined && first < i ? first : undefined;
  });
}
