import { type FileHandle, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeFrame, type Framed, frameSize } from './frame.ts';

/** The first bytes of every segment: what it is, and the version of its format. */
export const MAGIC = Buffer.from('CLEVENT1');

const NAME = /^(\d{10})\.events$/;
/** Read at once; a longer event is read whole. */
const BLOCK = 1024 * 1024;

const segmentName = (segment: number): string => `${String(segment).padStart(10, '0')}.events`;

/** Where an event lies: a segment, and its number there. */
export interface Place {
  readonly segment: number;
  readonly number: number;
}

/** Texts of one length, so that they are in the order of the events. */
export const positionOf = ({ segment, number }: Place): string =>
  `${String(segment).padStart(10, '0')}-${String(number).padStart(10, '0')}`;

export function placeOf(position: string): Place | undefined {
  const match = /^(\d{10})-(\d{10})$/.exec(position);
  return match ? { segment: Number(match[1]), number: Number(match[2]) } : undefined;
}

/** The numbers of the segments of a partition, oldest first. A partition that is not there has none. */
export async function segmentsOf(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap((name) => (NAME.test(name) ? [Number(name.slice(0, 10))] : [])).sort((a, b) => a - b);
}

/** The frames of a segment from an offset on, as far as they are whole. */
export async function* framesOf(
  handle: FileHandle,
  { from = MAGIC.length, to = Number.POSITIVE_INFINITY }: { from?: number; to?: number } = {},
): AsyncGenerator<Framed, void> {
  let offset = from;
  let want = BLOCK;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(
      Buffer.allocUnsafe(Math.min(want, Math.max(0, to - offset))),
      { position: offset },
    );
    const bytes = buffer.subarray(0, bytesRead);
    let at = 0;
    for (let frame = decodeFrame(bytes, at); frame; frame = decodeFrame(bytes, at)) {
      yield { ...frame, end: offset + frame.end };
      at = frame.end;
    }
    const needed = frameSize(bytes, at);
    if (at === 0 && (bytesRead < want || needed <= want)) return;
    offset += at;
    want = Math.max(BLOCK, needed);
  }
}

/** How far a segment is whole: what comes after was never acknowledged. 0: not even its beginning is there. */
export async function wholeBytes(file: string): Promise<{ bytes: number; size: number }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (!(await hasMagic(handle))) return { bytes: 0, size };
    let bytes = MAGIC.length;
    for await (const { end } of framesOf(handle)) bytes = end;
    return { bytes, size };
  } finally {
    await handle.close();
  }
}

export async function hasMagic(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(MAGIC.length), { position: 0 });
  return bytesRead === MAGIC.length && buffer.equals(MAGIC);
}

export const segmentFile = (folder: string, segment: number): string =>
  path.join(folder, segmentName(segment));
