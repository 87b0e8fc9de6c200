import { ANY, BOOLEAN, DATE, list, NUMBER, TEXT, type Type } from './types.ts';

/** What an expression may call: pure, of its arguments alone. */
export interface PureFunction {
  readonly takes: readonly Type[];
  readonly gives: Type;
  readonly about: string;
  run(...args: readonly never[]): unknown;
}

const LIST = list(ANY);

const define = <A extends readonly unknown[]>(
  about: string,
  takes: readonly Type[],
  gives: Type,
  run: (...args: A) => unknown,
): PureFunction => ({ about, takes, gives, run: run as PureFunction['run'] });

const numbers = (items: readonly unknown[]): number[] => items.map(Number).filter(Number.isFinite);
const day = (text: string): number => Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);

/** The functions of expressions. A missing argument gives `nothing`, and `count` of it 0. */
export const FUNCTIONS: Readonly<Record<string, PureFunction>> = {
  count: define(
    'how many items a list has',
    [LIST],
    NUMBER,
    (items: readonly unknown[] | null) => items?.length ?? 0,
  ),
  first: define('the first item of a list', [LIST], ANY, (items: readonly unknown[]) => items[0] ?? null),
  last: define('the last item of a list', [LIST], ANY, (items: readonly unknown[]) => items.at(-1) ?? null),
  sum: define('the sum of numbers', [LIST], NUMBER, (items: readonly unknown[]) =>
    numbers(items).reduce((a, b) => a + b, 0),
  ),
  least: define('the least of numbers', [LIST], NUMBER, (items: readonly unknown[]) =>
    items.length ? Math.min(...numbers(items)) : null,
  ),
  greatest: define('the greatest of numbers', [LIST], NUMBER, (items: readonly unknown[]) =>
    items.length ? Math.max(...numbers(items)) : null,
  ),
  lower: define('a text in small letters', [TEXT], TEXT, (text: string) => text.toLowerCase()),
  trim: define('a text without spaces around it', [TEXT], TEXT, (text: string) => text.trim()),
  starts: define('whether a text begins with another', [TEXT, TEXT], BOOLEAN, (text: string, with_: string) =>
    text.startsWith(with_),
  ),
  join: define(
    'the items of a list as a text, between them another',
    [LIST, TEXT],
    TEXT,
    (items: readonly unknown[], by: string) => items.map(String).join(by),
  ),
  each: define(
    'of each item of a list, one field',
    [LIST, TEXT],
    LIST,
    (items: readonly Record<string, unknown>[], field: string) => items.map((one) => one?.[field] ?? null),
  ),
  hours: define('hours from one moment to another', [DATE, DATE], NUMBER, (from: string, to: string) =>
    finite((day(to) - day(from)) / 3_600_000),
  ),
  days: define('days from one moment to another', [DATE, DATE], NUMBER, (from: string, to: string) =>
    finite((day(to) - day(from)) / 86_400_000),
  ),
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
