import { crc32 } from 'node:zlib';
import type { NewEvent } from '../../../ports/event-log.ts';

/**
 * How an event lies in a segment: length of the body and its CRC-32, each 32 bits little-endian, then the body: number
 * in the segment (32 bits), time (epoch ms, a double), length of the key in bytes (32 bits), key, value. Numbers are
 * kept in the body, since events in between may have been taken out.
 */
const HEAD = 8;
const FIXED = 16;
/** No event of an LMS comes near it: a length beyond is no length. */
export const MOST_BYTES = 16 * 1024 * 1024;

/** An event as it lies in a segment. */
export interface Framed extends NewEvent {
  /** Counted from 0 in its segment. */
  readonly number: number;
  readonly at: number;
  /** Where the next frame begins. */
  readonly end: number;
}

/** @throws RangeError for an event of more than 16 MB */
export function checkSize({ key, value }: NewEvent): void {
  const size = FIXED + Buffer.byteLength(key) + Buffer.byteLength(value);
  if (size > MOST_BYTES) throw new RangeError(`an event of ${size} bytes`);
}

export function encodeFrame(number: number, at: number, { key, value }: NewEvent): Buffer {
  const keyBytes = Buffer.byteLength(key);
  const size = FIXED + keyBytes + Buffer.byteLength(value);
  const frame = Buffer.allocUnsafe(HEAD + size);
  frame.writeUInt32LE(size, 0);
  frame.writeUInt32LE(number, HEAD);
  frame.writeDoubleLE(at, HEAD + 4);
  frame.writeUInt32LE(keyBytes, HEAD + 12);
  frame.write(key, HEAD + FIXED);
  frame.write(value, HEAD + FIXED + keyBytes);
  frame.writeUInt32LE(crc32(frame.subarray(HEAD)), 4);
  return frame;
}

/** The frame at an offset; undefined where there is none, or not all of it, or what is there is none. */
export function decodeFrame(bytes: Buffer, offset: number): Framed | undefined {
  if (bytes.length - offset < HEAD + FIXED) return undefined;
  const size = bytes.readUInt32LE(offset);
  const end = offset + HEAD + size;
  if (size < FIXED || size > MOST_BYTES || end > bytes.length) return undefined;
  const body = bytes.subarray(offset + HEAD, end);
  if (crc32(body) !== bytes.readUInt32LE(offset + 4)) return undefined;
  const keyEnd = FIXED + body.readUInt32LE(12);
  if (keyEnd > body.length) return undefined;
  return {
    number: body.readUInt32LE(0),
    at: body.readDoubleLE(4),
    key: body.toString('utf8', FIXED, keyEnd),
    value: body.toString('utf8', keyEnd),
    end,
  };
}

/** How many bytes a frame that begins there says to have; 0 where that cannot be told. */
export const frameSize = (bytes: Buffer, offset: number): number =>
  bytes.length - offset < 4 ? 0 : HEAD + Math.min(bytes.readUInt32LE(offset), MOST_BYTES);
