import type { ParsedStatement } from './parse.ts';
import { visit } from './tree.ts';

const CLOCK: ReadonlySet<string> = new Set([
  'now',
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
]);

/**
 * Whether a statement asks for the time, so that over the same tables it may give other rows tomorrow. It errs on the
 * safe side: a column of such a name counts, too. What gives other values each time (`random`) is not admitted at all.
 */
export function readsClock({ ast }: Pick<ParsedStatement, 'ast'>): boolean {
  let found = false;
  visit(ast, (object) => {
    const { name } = object;
    found ||= typeof name === 'string' && CLOCK.has(name.toLowerCase());
    found ||= Object.keys(object).some((key) => CLOCK.has(key.toLowerCase()));
  });
  return found;
}
