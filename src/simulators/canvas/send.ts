import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Answer, byteLength } from './answer.ts';

/** Requests to the API are small; anything longer is refused. */
const MAX_BODY_BYTES = 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/** The whole body of a request, as text. @throws Error when it is longer than any sensible request */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The request body is longer than 1 MB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Sends an answer at the pace of its reader. The date is the simulator's, not the machine's. */
export async function send(response: ServerResponse, answer: Answer, now: number): Promise<void> {
  const { delayMs = 0, pauseMs = 0, cutAt, stallMs = 0 } = answer.delivery ?? {};
  await pause(delayMs, response);
  if (cutAt === 0) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { date: new Date(now).toUTCString(), ...answer.headers });
  for (const piece of pieces(answer, cutAt)) {
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
    await pause(pauseMs, response);
  }
  if (cutAt === undefined) {
    response.end();
    return;
  }
  // What was written must have left before the connection breaks, or the reader would see less than planned.
  await pause(Math.max(20, stallMs), response);
  response.destroy();
}

function* pieces(answer: Answer, cutAt: number | undefined): Iterable<Uint8Array> {
  let left = cutAt === undefined ? Number.POSITIVE_INFINITY : Math.floor(byteLength(answer.body) * cutAt);
  for (const chunk of answer.body) {
    for (let start = 0; start < chunk.byteLength && left > 0; start += PIECE_BYTES) {
      const piece = chunk.subarray(start, Math.min(start + PIECE_BYTES, start + left));
      left -= piece.byteLength;
      yield piece;
    }
  }
}

/** Until the reader has taken what was written, or has gone. */
async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    over.abort(),
  );
}

/** Waits, but not for a reader who has gone. */
async function pause(ms: number, response: ServerResponse): Promise<void> {
  if (ms <= 0 || response.destroyed) return;
  const gone = new AbortController();
  const stop = () => gone.abort();
  response.once('close', stop);
  await setTimeout(ms, undefined, { signal: gone.signal }).catch(() => undefined);
  response.off('close', stop);
}
