import { AREAS } from './areas/all.ts';

/** Names that a text calls, in small letters. One that only looks like a call costs a macro more. */
const calledIn = (text: string): string[] => text.toLowerCase().match(/\w+(?=\s*\()/g) ?? [];

const BY_NAME = new Map<string, { readonly text: string; readonly calls: readonly string[] }[]>();
for (const text of AREAS.flatMap(({ macros }) => macros)) {
  const name = text.slice(0, text.indexOf('('));
  BY_NAME.set(name, [...(BY_NAME.get(name) ?? []), { text, calls: calledIn(text) }]);
}

/** The macros of these names and those which they call, each after what it calls: DuckDB looks for it at once. */
function inOrder(names: Iterable<string>): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const take = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { text, calls } of BY_NAME.get(name) ?? []) {
      for (const called of calls) take(called);
      found.push(text);
    }
  };
  for (const name of names) take(name);
  return found;
}

/** The macros of all areas, see `Area.macros`; each after those that it calls. */
export const TRINO_MACROS: readonly string[] = inOrder(BY_NAME.keys());

/** The statements that create the macros which a statement calls, and those which these call: all of them take long. */
export const macrosFor = (sql: string): string =>
  inOrder(calledIn(sql))
    .map((text) => `CREATE MACRO ${text};`)
    .join('\n');
