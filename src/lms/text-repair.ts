import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import { isSuspicious } from './text-scan.ts';

const NEWLINE = 0x0a;

/** In how many values of a column, by its name at the source, something was replaced. */
export type Repaired = Record<string, number>;

/**
 * Makes JSON Lines readable: bytes that are no UTF-8 and halves of surrogate pairs become U+FFFD, byte order marks
 * are left out. Everything else passes byte by byte. Holds no more than a line.
 */
export class TextRepair extends Transform {
  readonly columns: Repaired = {};
  #begun: Buffer[] = [];

  override _transform(piece: Buffer, _encoding: string, done: () => void): void {
    const end = piece.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      this.#pass(Buffer.concat([...this.#begun, piece.subarray(0, end)]));
      this.#begun = [];
    }
    // Copied: a piece's memory is its giver's.
    if (end < piece.length) this.#begun.push(Buffer.from(piece.subarray(end)));
    done();
  }

  override _flush(done: () => void): void {
    if (this.#begun.length > 0) this.#pass(Buffer.concat(this.#begun));
    done();
  }

  #pass(lines: Buffer): void {
    if (!isSuspicious(lines)) {
      this.push(lines);
      return;
    }
    for (let at = 0; at < lines.length; ) {
      const newline = lines.indexOf(NEWLINE, at);
      const end = newline < 0 ? lines.length : newline + 1;
      const line = lines.subarray(at, end);
      this.push(isSuspicious(line) ? this.#repair(line) : line);
      at = end;
    }
  }

  #repair(line: Buffer): Buffer {
    const { text, columns } = repairLine(line);
    for (const column of columns) this.columns[column] = (this.columns[column] ?? 0) + 1;
    return text;
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON] = Buffer.from('"\\,:');
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = Buffer.from('{}[]');

/** One record: a section, and in it a column, are the names at the first two levels. */
export function repairLine(line: Buffer): { text: Buffer; columns: Set<string> } {
  const columns = new Set<string>();
  const parts: Buffer[] = [];
  const names: string[] = [];
  const open: (number | undefined)[] = [];
  let isName = false;
  let kept = line.subarray(0, 3).toString() === '\ufeff' ? 3 : 0;
  for (let at = kept; at < line.length; at += 1) {
    const byte = line[at];
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      open.push(byte);
      isName = byte === OPEN_OBJECT;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) open.pop();
    else if (byte === COMMA) isName = open.at(-1) === OPEN_OBJECT;
    else if (byte === COLON) isName = false;
    else if (byte === QUOTE) {
      const end = endOfText(line, at + 1);
      const raw = line.subarray(at + 1, end);
      const repaired = repairText(raw);
      if (isName && open.length <= 2) names[open.length - 1] = (repaired ?? raw).toString();
      if (repaired) {
        columns.add(names.slice(0, Math.min(2, open.length)).at(-1) ?? '');
        parts.push(line.subarray(kept, at + 1), repaired);
        kept = end;
      }
      at = end;
    }
  }
  parts.push(line.subarray(kept));
  return { text: Buffer.concat(parts), columns };
}

/** Where the quote stands that ends a text, or where the line ends. */
function endOfText(line: Buffer, from: number): number {
  let at = from;
  while (at < line.length && line[at] !== QUOTE) at += line[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, line.length);
}

/** A pair of escapes, half of one, or any other escape. */
const ESCAPES = /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(\\ud[89a-f][0-9a-f]{2})|\\./gis;

/** The inside of a JSON text, repaired; undefined where it is sound. */
function repairText(raw: Buffer): Buffer | undefined {
  const text = raw.toString();
  const repaired = text.replaceAll(ESCAPES, (found, half?: string) => (half ? '\\ufffd' : found));
  return repaired === text && isUtf8(raw) ? undefined : Buffer.from(repaired);
}
