import { AREAS } from './areas/all.ts';

/** The macros of all areas, see `Area.macros`. */
export const TRINO_MACROS: readonly string[] = AREAS.flatMap(({ macros }) => macros);

const BY_NAME = TRINO_MACROS.map((text) => ({ name: text.slice(0, text.indexOf('(')), text }));

/** The statements that create the macros which a statement calls, and those which these call: all of them take long. */
export function macrosFor(sql: string): string {
  const wanted = new Set<string>();
  let texts = [sql];
  while (texts.length > 0) {
    const called = BY_NAME.filter(({ name, text }) => !wanted.has(text) && texts.some((t) => calls(t, name)));
    texts = called.map(({ text }) => text);
    for (const text of texts) wanted.add(text);
  }
  return TRINO_MACROS.filter((text) => wanted.has(text))
    .map((text) => `CREATE MACRO ${text};`)
    .join('\n');
}

/** Whether a text names the function. One that only looks so costs a macro more. */
const calls = (text: string, name: string) => text.toLowerCase().includes(name);
