/** A line of a model's header. */
interface HeaderLine {
  /** What follows `--`; undefined where a blank line or a block comment stands between two parts of the header. */
  readonly text?: string;
  /** From 1. */
  readonly line: number;
}

/**
 * The lines of a model's header: all comments before its SELECT, whatever the editor that wrote the file: with a byte
 * order mark or not, with line ends of Windows or not, indented, with blank lines and block comments between them.
 */
export function headerLines(text: string): HeaderLine[] {
  const found: HeaderLine[] = [];
  let inBlock = false;
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const written = whole.trim();
    const line = index + 1;
    if (inBlock || written.startsWith('/*')) {
      const end = written.indexOf('*/', inBlock ? 0 : 2);
      if (end >= 0 && written.slice(end + 2).trim() !== '') break;
      inBlock = end < 0;
      found.push({ line });
    } else if (written === '') found.push({ line });
    else if (written.startsWith('--')) found.push({ text: written.slice(2), line });
    else break;
  }
  return found;
}
