/** A line of a diff: taken away, put in, or left for the eye. */
export interface DiffLine {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
}

/** Lines on each side of a change. */
const CONTEXT = 2;

/** The one stretch of lines in which two texts differ, with the lines around it; none where they are alike. */
export function diffOf(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  if (start === a.length && start === b.length) return [];
  const lines = (sign: DiffLine['sign'], of: readonly string[]) =>
    of.map((text): DiffLine => ({ sign, text }));
  return [
    ...lines(' ', a.slice(Math.max(0, start - CONTEXT), start)),
    ...lines('-', a.slice(start, a.length - end)),
    ...lines('+', b.slice(start, b.length - end)),
    ...lines(' ', a.slice(a.length - end, a.length - end + CONTEXT)),
  ];
}
