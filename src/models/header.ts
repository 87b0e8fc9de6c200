import { parse } from 'yaml';
import { type Check, checkSchema } from '../campus/check-schema.ts';
import { type Place, SqlError } from './errors.ts';

/** What a model's header comment says of it. */
export interface Header {
  readonly description?: string;
  readonly grain?: string;
  readonly checks: readonly Check[];
}

/**
 * `-- description: …`, `-- grain: …` and any number of `-- check: { kind: …, … }` before the SELECT; a line that goes
 * on begins with two blanks. A check is written as in the catalog.
 * @throws SqlError for a check that cannot be read
 */
export function readHeader(text: string): Header {
  const fields: { name: string; text: string; line: number }[] = [];
  let open: (typeof fields)[number] | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const comment = /^--( ?)(.*)$/.exec(line);
    if (!comment) break;
    const named = /^(description|grain|check):\s*(.*)$/.exec(comment[2]!.trim());
    if (named) {
      open = { name: named[1]!, text: named[2]!, line: index + 1 };
      fields.push(open);
    } else if (open && /^\s{2,}/.test(`${comment[1]}${comment[2]}`)) {
      open.text += ` ${comment[2]!.trim()}`;
    } else open = undefined;
  }
  const textOf = (name: string) => fields.find((field) => field.name === name)?.text;
  const checks = fields.filter(({ name }) => name === 'check');
  return {
    ...definedIn({ description: textOf('description'), grain: textOf('grain') }),
    checks: checks.map((field) => readCheck(field.text, { line: field.line, column: 1 })),
  };
}

function readCheck(text: string, place: Place): Check {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new SqlError(`The check is no YAML: ${(error as Error).message.split('\n', 1)[0]}`, { place });
  }
  const read = checkSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw new SqlError(`The check cannot be read: ${where}${issue?.message}`, {
    place,
    hint: 'write it as in the catalog, such as { kind: not_null, columns: [id] }',
  });
}

function definedIn<T extends Record<string, string | undefined>>(fields: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
