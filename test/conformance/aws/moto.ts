import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pythonVenv } from '../python-venv.ts';
import { sdkEnvironment } from './ministack.ts';
import { type PythonServer, startServer } from './python-server.ts';

/**
 * A second emulator, which knows services that MiniStack does not, such as DMS. It is right for the shapes of
 * requests and for states, and moves no data. https://pypi.org/project/moto/
 */
export async function startMoto(): Promise<PythonServer> {
  const programs = await pythonVenv('moto', path.join(import.meta.dirname, 'moto-requirements.txt'));
  const moto = await startServer({
    program: path.join(programs, 'moto_server'),
    words: (port) => ['-H', '127.0.0.1', '-p', String(port)],
    env: (port) => sdkEnvironment(`http://127.0.0.1:${port}`),
    answers: '/moto-api/',
  });
  // moto writes instants as text where the protocol wants seconds, which the SDK for JavaScript refuses.
  const front = createServer(async (request, response) => {
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const body = await text(request);
    const answer = await fetch(new URL(request.url ?? '/', moto.endpoint), {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    const said = (await answer.text()).replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, (quoted) =>
      String(Date.parse(`${quoted.slice(1, 20)}Z`) / 1000),
    );
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(said);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    async stop() {
      front.close();
      front.closeAllConnections();
      await moto.stop();
    },
  };
}
