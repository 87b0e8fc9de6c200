import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

const closers: (() => Promise<void>)[] = [];

/** Ends the servers of this file's tests. */
export async function closeReceivers(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

/** A receiver of posts that answers with the given statuses in turn, the last one for ever. */
export async function receiver(
  ...statuses: number[]
): Promise<{ url: string; got: unknown[]; types: (string | undefined)[]; tries: () => number }> {
  const got: unknown[] = [];
  /** The content types of what it got. */
  const types: (string | undefined)[] = [];
  let tries = 0;
  const server: Server = createServer(async (request, response) => {
    const body = await json(request);
    const status = statuses[Math.min(tries++, statuses.length - 1)]!;
    if (status === 200) {
      got.push(body);
      types.push(request.headers['content-type']);
    }
    response.writeHead(status).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0/s3cr3t`,
    got,
    types,
    tries: () => tries,
  };
}

/** A mail server without TLS that takes everything, unless the options say otherwise. */
export async function mailServer(
  options: SMTPServerOptions = {},
): Promise<{ port: number; mails: string[]; to: string[] }> {
  const mails: string[] = [];
  const to: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (address, _session, done) => {
      to.push(address.address);
      done();
    },
    onData: async (stream, _session, done) => {
      mails.push(await text(stream));
      done();
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails, to };
}
