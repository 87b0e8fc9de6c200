import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/**
 * A source of as many bytes as wanted, in a process of its own: as much of the DAP API as one snapshot needs. Its
 * files are one piece repeated: a gzip member of JSON Lines, or bytes between the marks of a Parquet file. Making
 * them costs nothing, so the reader is what is measured.
 *
 * Arguments: bytes in all, number of files, bytes per second of the link (0: as fast as loopback is), format.
 * Says its port on stdout, and ends with its stdin.
 */
const [total = 0, count = 1, rate = 0] = process.argv.slice(2, 5).map(Number);
const extension = process.argv[5] === 'parquet' ? 'parquet' : 'jsonl.gz';

const member = extension === 'parquet' ? marked(178_000) : gzipSync(lines(4000), { level: 6 });
const fileBytes = Math.max(1, Math.round(total / count / member.length)) * member.length;
let linkFreeAt = 0;

/** Bytes of which any number in a row looks like a Parquet file from outside. */
function marked(bytes: number): Buffer {
  const piece = Buffer.alloc(bytes, 'PAR1');
  piece.writeUInt32LE(100, bytes - 8);
  return piece;
}

function lines(records: number): string {
  let text = '';
  const any = (n: number) => Math.floor(Math.random() * n);
  for (let i = 0; i < records; i += 1) {
    const day = `2026-0${1 + any(9)}-${10 + any(18)}T0${any(10)}:${10 + any(50)}:${10 + any(50)}.${100 + any(900)}Z`;
    const id = 21070000000000000n + BigInt(any(1e9));
    text += `{"key":{"id":${id}},"value":{"assignment_id":${id - BigInt(any(1e6))},"user_id":${id - BigInt(any(1e5))},"workflow_state":"graded","submitted_at":"${day}","score":${any(400) / 4},"grade":"${any(100)}","submission_type":"online_upload","attempt":${any(3)},"updated_at":"${day}"},"meta":{"ts":"${day}"}}\n`;
  }
  return text;
}

/** Sends at the pace of its reader, and of the link that all transfers share. */
async function sendFile(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/jsonlines', 'content-length': fileBytes });
  for (let sent = 0; sent < fileBytes && !response.destroyed; sent += member.length) {
    if (rate > 0) {
      linkFreeAt = Math.max(linkFreeAt, Date.now()) + (member.length / rate) * 1000;
      if (linkFreeAt - Date.now() > 2) await sleep(linkFreeAt - Date.now());
    }
    if (!response.write(member)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end();
}

function answer(path: string, url: string): unknown {
  if (path === '/ids/auth/login') return { access_token: 'bench', expires_in: 3600 };
  if (path.endsWith('/schema')) {
    const key = { properties: { id: { type: 'integer', format: 'int64' } }, required: ['id'] };
    return { version: 1, schema: { properties: { key } } };
  }
  const ids = Array.from({ length: count }, (_, i) => `part-${i}.${extension}`);
  if (path === '/dap/object/url') {
    return { urls: Object.fromEntries(ids.map((id) => [id, { url: `${url}/files/${id}` }])) };
  }
  const objects = ids.map((id) => ({ id }));
  return { id: 'job', status: 'complete', objects, schema_version: 1, at: new Date().toISOString() };
}

const server = createServer((request, response) => {
  const path = request.url ?? '/';
  if (path.startsWith('/files/')) {
    void sendFile(response);
    return;
  }
  request.resume().on('end', () => {
    const text = JSON.stringify(answer(path, `http://${request.headers.host}`));
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
