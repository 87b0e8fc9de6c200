import { didYouMean } from '../../campus/nearest.ts';
import { escapeText } from '../language/format.ts';
import { METRICS, type Metric } from '../metrics.ts';

/** What a sentence means. */
export interface Meaning {
  /** A program of the stack language. */
  readonly program: string;
  /** The step at which it is evaluated. */
  readonly step: 'day' | 'teaching-day' | '1h';
  /** Whether a series without a datapoint stays as it was. */
  readonly keepsAbsent?: boolean;
}

/** What is wrong with a sentence, and where in it. */
export class SentenceFault extends Error {
  readonly at: number;
  readonly problem: string;

  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
    this.problem = problem;
  }
}

const NUMBERS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const FORMS = [
  'no submission for 7 teaching days in any course',
  'missed two in a row',
  'class median fell 20 %',
  'grade export failed',
  'submissions below 1 in 14 days',
];

/**
 * Reads a condition in plain English. @throws SentenceFault for a word that is not expected, with the nearest that is
 */
export function meaningOf(sentence: string): Meaning {
  const words = new Words(sentence);
  if (words.take('no')) return noneOf(words);
  if (words.take('missed')) return missed(words);
  if (words.takeAll('class', 'median', 'fell')) return medianFell(words);
  if (words.last === 'failed') return failed(words);
  return compared(words);
}

function noneOf(words: Words): Meaning {
  const metric = words.metric((one) => one.isRostered === true);
  words.need('for');
  const { count, step } = words.days();
  const keys = courses(words);
  words.end();
  const seen = `${count},:rolling-sum`;
  // No more than nothing in the window, and a whole window: who came yesterday is not missed.
  const program = `name,${metric.name},:eq,(,${keys.join(',')},),:by,:dup,${seen},0,:le,:swap,0,:mul,1,:add,${seen},${count},:ge,:and`;
  return { program, step };
}

function missed(words: Words): Meaning {
  const count = words.number();
  words.need('in', 'a', 'row');
  const keys = courses(words);
  words.end();
  return {
    program: `name,missed_in_a_row,:eq,:max,(,${keys.join(',')},),:by,${count},:ge`,
    step: 'day',
    keepsAbsent: true,
  };
}

function medianFell(words: Words): Meaning {
  words.take('by');
  const percent = words.number();
  words.need('%');
  words.end();
  return { program: `name,class_median_change,:eq,:min,(,course,term,),:by,-${percent},:le`, step: 'day' };
}

/**
 * `<anything> failed`: a step of a run whose name or item has all of these words. `<what> export failed`: a step by which
 * tables reach people, of what is named or of everything.
 */
function failed(words: Words): Meaning {
  const about = words.rest().slice(0, -1);
  if (about.length === 0) throw words.fault('what has failed? Such as "grade export failed"');
  const isExport = about.includes('export');
  const asked = about.filter((word) => !['any', 'a', 'the', 'of', 'step', 'export'].includes(word));
  const named = asked.map((word) => {
    const pattern = escapeText(`.*${escaped(word)}`);
    const has = `step,${pattern},:reic,item,${pattern},:reic,:or`;
    return isExport ? `${has},item,.+,:re,:not,:or` : has;
  });
  const steps = isExport ? [`step,(,${EXPORTING.join(',')},),:in,step,.*export,:reic,:or`] : [];
  const query = ['name,step_failed,:eq', ...[...steps, ...named].map((one) => `${one},:and`)].join(',');
  return { program: `${query},(,step,item,),:by,0,:gt`, step: '1h' };
}

/** Steps by which tables reach people. */
const EXPORTING = ['build-model', 'publish', 'load-warehouse'];

/** `<metric> above|below|at least|at most <number> [in <n> days] [in any course]` */
function compared(words: Words): Meaning {
  const metric = words.metric(() => true);
  const word = words.comparison();
  const limit = words.number();
  const isWindow =
    words.peek(0) === 'in' &&
    /^\d|^[a-z]+$/.test(words.peek(1) ?? '') &&
    words.peek(1) !== 'any' &&
    words.peek(1) !== 'every' &&
    words.peek(1) !== 'all';
  let window = '';
  let step: Meaning['step'] = 'day';
  if (isWindow) {
    words.need('in');
    const days = words.days();
    step = days.step;
    window = `,${days.count},:rolling-sum`;
  }
  const keys = metric.tags.includes('student') ? courses(words) : ['course', 'term'];
  words.end();
  const aggregate = metric.tellsGrade ? ',:min' : '';
  return {
    program: `name,${metric.name},:eq${aggregate},(,${keys.join(',')},),:by${window},${limit},:${word}`,
    step,
  };
}

/** `in any course` by course, `in all courses` together. Default: by course. */
function courses(words: Words): string[] {
  const isTogether = words.takeAll('in', 'all', 'courses');
  if (!isTogether) {
    const isAny = words.takeAll('in', 'any', 'course') || words.takeAll('in', 'a', 'course');
    if (!isAny) words.takeAll('in', 'every', 'course');
  }
  return isTogether ? ['student', 'term'] : ['student', 'course', 'term'];
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

class Words {
  readonly #words: readonly { readonly text: string; readonly at: number }[];
  readonly #length: number;
  #next = 0;

  constructor(sentence: string) {
    this.#words = [...sentence.toLowerCase().matchAll(/%|[^\s%]+/g)].map((found) => ({
      text: found[0],
      at: found.index,
    }));
    this.#length = sentence.length;
  }

  get last(): string | undefined {
    return this.#words.at(-1)?.text;
  }

  peek(ahead: number): string | undefined {
    return this.#words[this.#next + ahead]?.text;
  }

  rest(): string[] {
    return this.#words.slice(this.#next).map(({ text }) => text);
  }

  take(word: string): boolean {
    return this.takeAll(word);
  }

  takeAll(...words: string[]): boolean {
    if (!words.every((word, i) => this.peek(i) === word)) return false;
    this.#next += words.length;
    return true;
  }

  need(...words: string[]): void {
    for (const word of words) if (!this.take(word)) throw this.#unexpected([word], `"${word}"`);
  }

  number(): number {
    const text = this.peek(0) ?? '';
    const value = NUMBERS.includes(text)
      ? NUMBERS.indexOf(text)
      : /^\d{1,7}(\.\d{1,6})?$/.test(text)
        ? Number(text)
        : undefined;
    if (value === undefined) throw this.#unexpected(NUMBERS, 'a number');
    this.#next++;
    return value;
  }

  days(): { count: number; step: 'day' | 'teaching-day' } {
    const count = this.number();
    if (!Number.isInteger(count) || count < 1 || count > 366) {
      this.#next--;
      throw this.fault('days are counted from 1 to 366');
    }
    const isTeaching = this.take('teaching');
    if (!this.take('days') && !this.take('day'))
      throw this.#unexpected(
        isTeaching ? ['days'] : ['days', 'teaching'],
        isTeaching ? '"days"' : '"days" or "teaching days"',
      );
    return { count, step: isTeaching ? 'teaching-day' : 'day' };
  }

  metric(fits: (metric: Metric) => boolean): Metric {
    const candidates = METRICS.filter((one) => one.words.length > 0 && fits(one));
    for (const metric of candidates)
      for (const name of metric.words) if (this.takeAll(...name.split(' '))) return metric;
    const known = candidates.flatMap(({ words }) => words);
    throw this.#unexpected(known, `one of ${known.join(', ')}`);
  }

  comparison(): 'gt' | 'lt' | 'ge' | 'le' {
    if (this.take('above')) return 'gt';
    if (this.take('below')) return 'lt';
    if (this.takeAll('at', 'least')) return 'ge';
    if (this.takeAll('at', 'most')) return 'le';
    throw this.#unexpected(['above', 'below', 'at'], '"above", "below", "at least" or "at most"');
  }

  end(): void {
    if (this.peek(0) !== undefined) throw this.#unexpected(['in', 'any', 'course'], 'the end');
  }

  fault(problem: string): SentenceFault {
    return new SentenceFault(this.#words[this.#next]?.at ?? this.#length, problem);
  }

  #unexpected(near: readonly string[], expected: string): SentenceFault {
    const found = this.peek(0);
    const what = found === undefined ? 'found the end' : `found "${found}"`;
    const guess = found === undefined ? '' : didYouMean(found, near);
    return this.fault(`${what}, expected ${expected}${guess}. Conditions are such as: ${FORMS.join('; ')}`);
  }
}
