/** Columns where nothing says how wide the screen is: a pipe, a log. */
const UNKNOWN_WIDTH = 80;

/** How many columns a stream has; `Infinity` where it is no terminal, so that nothing is cut that a program reads. */
export const widthOf = (stream: { readonly isTTY?: boolean; readonly columns?: number }): number =>
  stream.isTTY ? (stream.columns ?? UNKNOWN_WIDTH) : Number.POSITIVE_INFINITY;

/** A text of at most `width` columns; an ellipsis marks a cut. */
export const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
