import { isUtf8 } from 'node:buffer';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const BACKSLASH = 0x5c;

/**
 * Whether JSON readers may stumble over a text: bytes that are no UTF-8, an escape that is half of a surrogate pair,
 * a byte order mark. May be true of a text that is sound, never false of one that is not.
 */
export function isSuspicious(text: Buffer): boolean {
  return (
    !isUtf8(text) || text.includes(BYTE_ORDER_MARK) || hasHalfPair(text, '\\ud') || hasHalfPair(text, '\\uD')
  );
}

/** @param start how the escape of a surrogate begins, in one of its two spellings */
function hasHalfPair(text: Buffer, start: string): boolean {
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 2)) {
    if (isEscaped(text, at)) continue;
    const next = text.toString('latin1', at, at + 12);
    if (PAIR.test(next)) at += 10;
    else if (SURROGATE.test(next)) return true;
  }
  return false;
}

const PAIR = /^\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}$/i;
/** Also of an escape that is cut: its other half may be anything. */
const SURROGATE = /^\\ud([89a-f]|$)/i;

/** Whether the backslash at a place is itself escaped: an odd number of them stands before it. */
function isEscaped(text: Buffer, at: number): boolean {
  let before = at;
  while (before > 0 && text[before - 1] === BACKSLASH) before -= 1;
  return (at - before) % 2 === 1;
}

/** Looks through a text that comes in pieces. Costs a fraction of unpacking it: a piece is read where it lies. */
export class TextScan {
  /** Whether anything was suspicious so far. */
  suspicious = false;
  /** Of the text, so far. */
  bytes = 0;
  /** The end of what came, which only what follows can decide. */
  #cut: Buffer = Buffer.alloc(0);

  readonly look = (piece: Buffer): void => {
    this.bytes += piece.length;
    if (this.suspicious) return;
    const cut = this.#cut;
    const seam = Buffer.concat([cut, piece.subarray(0, SEAM)]);
    if (cut.length === 0) this.#read(piece);
    else if (piece.length <= SEAM) this.#read(seam);
    else {
      // What was cut off is decided with the beginning of this piece, up to a place where the text may be cut again.
      const end = wholeEnd(seam, cut.length);
      this.suspicious = end === undefined || isSuspicious(seam.subarray(0, end));
      if (end !== undefined) this.#read(piece.subarray(end - cut.length));
    }
  };

  end(): void {
    this.suspicious ||= isSuspicious(this.#cut);
  }

  #read(text: Buffer): void {
    const end = wholeEnd(text);
    this.suspicious ||= end === undefined || isSuspicious(text.subarray(0, end));
    // Copied: a piece's memory is its giver's.
    this.#cut = Buffer.from(text.subarray(end));
  }
}

/** Longer than a pair of escapes. */
const LONGEST_CUT = 24;
/** So far back a place is looked for. */
const SEARCHED = 96;
/** Of a piece, so much is looked at with the end of the one before: there is a place to cut in it, wherever one is. */
const SEAM = LONGEST_CUT + SEARCHED;

/**
 * Where a text that goes on may be cut without cutting a character or a pair of escapes; undefined: not found.
 * @param after only behind this place
 */
function wholeEnd(text: Buffer, after = 0): number | undefined {
  const last = text.length - LONGEST_CUT;
  for (let at = last; at > after && at > last - SEARCHED; at -= 1) if (!isInside(text, at)) return at;
  return last > 0 ? undefined : 0;
}

function isInside(text: Buffer, at: number): boolean {
  if ((text[at]! & 0xc0) === 0x80) return true;
  const before = text.toString('latin1', Math.max(0, at - 12), at);
  return /\\(u|ud.{0,9})?$/i.test(before);
}
