import { createWriteStream } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * The bare parallel download that the lake is measured beside: the same files, as many at once, from socket to
 * disk, each flushed; nothing is counted, checked or digested.
 *
 * Arguments: url, number of files, files at once, folder. Says the milliseconds and the seconds of processor that it took,
 * without those of the start.
 */
const [url = '', count = '1', atOnce = '1', folder = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) });

async function fetchFile(index: number): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/files/part-${index}`, { agent }, resolve).on('error', reject);
  });
  await pipeline(response, createWriteStream(join(folder, `part-${index}`), { flush: true }));
}

const started = performance.now();
const before = process.cpuUsage();
let next = 0;
await Promise.all(
  Array.from({ length: Number(atOnce) }, async () => {
    while (next < Number(count)) await fetchFile(next++);
  }),
);
const { user, system } = process.cpuUsage(before);
const cpuSeconds = (user + system) / 1e6;
process.stdout.write(`${JSON.stringify({ ms: performance.now() - started, cpuSeconds })}\n`);
process.exit(0);
