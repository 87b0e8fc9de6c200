import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/** Requests to the API are small; anything longer is refused. */
const MAX_BODY_BYTES = 1024 * 1024;

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
  response.writeHead(answer.status, { date: new Date(now).toUTCString(), ...answer.headers });
  for (const chunk of answer.body) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}
