import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** A port of the loopback interface that is free now: `wanted` if that is free, otherwise one the system picks. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined && (await tryListen(wanted)) !== undefined) return wanted;
  const port = await tryListen(0);
  if (port === undefined) throw new Error('No port of the loopback interface is free');
  return port;
}

export async function isFree(port: number): Promise<boolean> {
  return (await tryListen(port)) !== undefined;
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: LOOPBACK }, () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : undefined));
    });
  });
}
