/** Signs that break a line or move to the next column. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Signs that a terminal obeys, and those that turn the direction of what follows. */
const OBEYED = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text of the data as one line that a terminal shows and does not obey: whoever may choose a name or a title could
 * otherwise hide rows, write the clipboard, or turn what follows around.
 */
export const printable = (text: string): string => text.replaceAll(BREAKS, ' ').replaceAll(OBEYED, visible);

/** `␛` for a sign that has a picture, else its code. */
function visible(sign: string): string {
  const code = sign.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `\\u${code.toString(16).padStart(4, '0')}`;
}
