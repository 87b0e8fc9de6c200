import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** How a network treats its connections. */
export interface NetworkFault {
  /** Nobody answers. */
  readonly down?: true;
  /** Connections are cut after so many bytes of the server's. */
  readonly cutAfter?: number;
  /** So many connections are cut; later ones are left alone. Default: all. */
  readonly times?: number;
  /** How long each piece is held up, ms. */
  readonly delayMs?: number;
}

/** A stretch of network between a client and a server, which can be made to fail. */
export interface Network {
  readonly host: string;
  readonly port: number;
  set(fault: NetworkFault): void;
  close(): Promise<void>;
}

export async function openNetwork(to: { readonly host: string; readonly port: number }): Promise<Network> {
  let fault: NetworkFault = {};
  let cut = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (fault.down) return void client.resetAndDestroy();
    const upstream = connect(to);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    let seen = 0;
    const way = new Transform({
      transform(piece: Buffer, _encoding, done) {
        seen += piece.length;
        const { cutAfter = Number.POSITIVE_INFINITY, times = Number.POSITIVE_INFINITY, delayMs = 0 } = fault;
        if (seen > cutAfter && cut < times) {
          cut += 1;
          client.resetAndDestroy();
          upstream.destroy();
          return done();
        }
        if (delayMs > 0) setTimeout(done, delayMs, null, piece);
        else done(null, piece);
      },
    });
    client.pipe(upstream);
    upstream.pipe(way).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    set(next) {
      fault = next;
      cut = 0;
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
