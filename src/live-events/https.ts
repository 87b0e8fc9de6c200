import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LakeError } from '../errors.ts';
import { LiveEventFormError, LiveEventListenError, LiveEventSignatureError } from './errors.ts';
import { type SigningKeys, verifiedClaims } from './signed.ts';

/** Canvas cuts texts at 8,192 characters. */
const MOST_BYTES = 1024 * 1024;

export interface HttpsOptions {
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly keys: SigningKeys;
  /** Whether events without signature are taken. */
  readonly unsigned: boolean;
  /** Keeps a delivery; once it resolves, it is on the disk. */
  keep(delivery: unknown): Promise<void>;
  /** Is told of each delivery that was refused. */
  refused(code: string): void;
}

export interface Receiver {
  /** Where it listens, or what it polls. */
  readonly at: string;
  close(): Promise<void>;
}

/**
 * Listens for Canvas's deliveries, behind a proxy that ends TLS. Each is answered once it is on the disk: 204, 400 for what
 * is no event and 401 for one without a good signature, which Canvas need not send again in another way; 503 where it
 * could not be kept, and Canvas tries again up to three times within 20 minutes.
 * @throws LiveEventListenError
 */
export async function listen(options: HttpsOptions): Promise<Receiver> {
  const server = createServer((request, response) => {
    void answer(request, response, options);
  });
  server.requestTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new LiveEventListenError(`Live events cannot be received at ${options.address}:${options.port}.`, {
          about: 'live events',
          cause,
          hint: 'Another program has the port, or the address is not one of this machine: see liveEvents in campus.yaml.',
        }),
      ),
    );
    server.listen(options.port, options.address, resolve);
  });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    at: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () => closed(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpsOptions,
): Promise<void> {
  try {
    if (request.method !== 'POST') return end(response, 405);
    const text = await bodyOf(request);
    if (text === undefined) return end(response, 413);
    await options.keep(await deliveryOf(text, options));
    end(response, 204);
  } catch (error) {
    const code = error instanceof LakeError ? error.code : 'unexpected';
    options.refused(code);
    end(response, statusOf(error));
  }
}

/** A signed delivery is a JWT, in whatever content type. */
async function deliveryOf(text: string, { keys, unsigned }: HttpsOptions): Promise<unknown> {
  const body = text.trim();
  if (!body.startsWith('{')) return verifiedClaims(body.replace(/^"(.*)"$/, '$1'), keys);
  if (!unsigned)
    throw new LiveEventSignatureError('A live event is not signed.', {
      about: 'live events',
      hint: 'Switch on "Signed Payloads" of the data stream in Canvas, or set `unsigned: true` where nobody else can send.',
    });
  try {
    return JSON.parse(body);
  } catch {
    throw new LiveEventFormError('What was delivered is no JSON.', { about: 'live events' });
  }
}

const statusOf = (error: unknown): number =>
  error instanceof LiveEventFormError ? 400 : error instanceof LiveEventSignatureError ? 401 : 503;

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function end(response: ServerResponse, status: number): void {
  if (response.headersSent) return;
  response.writeHead(status, status >= 400 ? { connection: 'close' } : {}).end();
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
