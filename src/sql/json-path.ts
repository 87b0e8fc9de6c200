/**
 * The steps of a path as `json_extract_scalar` and its like take it: `$.a.b[0]["a b"]`. A step is the name of a field,
 * or the place of an element if what it is asked of is a list. Names without quotes are letters, digits, `_` and `:`.
 * @returns undefined where it is no such path
 */
export function parseJsonPath(text: string): readonly string[] | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: string[] = [];
  let rest = text.slice(1);
  while (rest !== '') {
    const found = /^(?:\.([\p{L}\p{Nd}_:]+)|\[([\p{L}\p{Nd}_]+)\]|\["((?:[^"\\]|\\["\\])*)"\])/u.exec(rest);
    if (!found) return undefined;
    const [all, name, plain, quoted] = found;
    steps.push(name ?? plain ?? quoted!.replaceAll(/\\(.)/gu, '$1'));
    rest = rest.slice(all.length);
  }
  return steps;
}

/** The steps as a JSON pointer (RFC 6901), in which a number is likewise a field's name or a place in a list. */
export const jsonPointer = (steps: readonly string[]): string =>
  steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
