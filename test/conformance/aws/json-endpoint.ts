import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A refusal as AWS words it: the SDK makes an error of this name of it. */
export class Fault extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** What an operation answers to its input; throws a Fault to refuse. */
export type Operations = Readonly<Record<string, (input: never) => unknown>>;

/**
 * An endpoint on loopback that speaks AWS's JSON protocol 1.1: the operation in a header, input and output as JSON.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export async function serveJson(
  operations: Operations,
): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, operations);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, operations: Operations) {
  const name = String(request.headers['x-amz-target']).split('.').at(-1)!;
  try {
    const input = JSON.parse((await text(request)) || '{}') as never;
    const operation = operations[name];
    if (!operation) throw new Fault('UnknownOperationException', `${name} is not served here`);
    return { status: 200, body: (await operation(input)) ?? {} };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { status: 400, body: { __type: error.name, message: error.message } };
  }
}
