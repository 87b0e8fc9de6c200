import type { PrivacyClass } from '../campus/catalog-schema.ts';
import { VALUE_TESTS, type ValueTest } from './value-tests.ts';

/** What a sample of a column's values shows, in numbers; no value is kept. */
export interface SampleCounts {
  /** Values that are there (not null, not empty). */
  readonly values: number;
  readonly distinct: number;
  /** Distinct values that meet each test; tests that none meets are left out. */
  readonly hits: Readonly<Partial<Record<ValueTest, number>>>;
  /** For dates: years between the earliest and the latest, and the median age in years. */
  readonly years?: number;
  readonly medianAge?: number;
}

/** Fewer distinct values than this prove nothing. */
const ENOUGH = 5;
const YEAR_MS = 365.25 * 86_400_000;

/** @param now epoch ms, by which ages are counted */
export function countSample(samples: readonly unknown[], now: number): SampleCounts {
  const texts = samples.filter((v) => v !== null && v !== undefined && v !== '').map(textOf);
  const distinct = [...new Set(texts)];
  const hits: Partial<Record<ValueTest, number>> = {};
  for (const [name, test] of Object.entries(VALUE_TESTS)) {
    const count = distinct.filter(test).length;
    if (count > 0) hits[name as ValueTest] = count;
  }
  const dates = distinct.filter((t) => /^\d{4}-\d{2}-\d{2}/.test(t)).map((t) => Date.parse(t));
  if (dates.length < distinct.length || dates.length === 0)
    return { values: texts.length, distinct: distinct.length, hits };
  dates.sort((a, b) => a - b);
  return {
    values: texts.length,
    distinct: distinct.length,
    hits,
    years: (dates.at(-1)! - dates[0]!) / YEAR_MS,
    medianAge: (now - dates[Math.floor(dates.length / 2)]!) / YEAR_MS,
  };
}

export interface Verdict {
  readonly privacy: PrivacyClass;
  readonly what: string;
}

/**
 * What the shares of distinct values say; undefined: nothing. Shares that chance can bring about do not suffice.
 * @param name the column's words, `_word_word_`
 */
export function verdictOf(counts: SampleCounts, name: string): Verdict | undefined {
  if (counts.distinct < ENOUGH) return undefined;
  const share = (test: ValueTest) => (counts.hits[test] ?? 0) / counts.distinct;
  const says = (privacy: PrivacyClass, what: string): Verdict => ({
    privacy,
    what: `${what} (${counts.distinct} distinct values looked at)`,
  });
  if (share('dashedSsn') >= 0.5) return says('secret', 'values shaped as social security numbers');
  if (share('card') >= 0.5) return says('secret', 'values that pass as card numbers');
  if (share('iban') >= 0.5) return says('secret', 'values that pass as IBANs');
  // One in ten by chance, so eight of ten among enough values is none.
  if (share('routing') >= 0.8) return says('secret', "values that pass as a bank's routing number");
  if (share('ip') >= 0.8 && !/_(version|release)_/.test(name))
    return says('log', 'values shaped as IP addresses');
  if (share('sentence') >= 0.3) return says('text', 'values are sentences');
  if (share('email') >= 0.5) return says('direct', 'values shaped as e-mail addresses');
  if (share('phone') >= 0.8) return says('direct', 'values shaped as telephone numbers');
  // 89 of 100 random ids pass: all of 30 do in 3 of 100 columns. Worth a look by a person, no more.
  if (counts.distinct >= 30 && share('ssn') === 1)
    return says('direct', 'nine digits, every one a possible social security number: look at it');
  const { medianAge = 0, years = 0 } = counts;
  if (medianAge >= 15 && medianAge <= 70 && years >= 8 && counts.distinct >= 20)
    return says('quasi', 'dates as wide apart and as old as birth dates');
  return undefined;
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value).trim();
}
