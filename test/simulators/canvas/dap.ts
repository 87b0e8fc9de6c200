import type { Format } from '../../../src/simulators/canvas/formats/format.ts';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { type FlatRecord, readRecords } from './read-formats.ts';

/** What the API answered; bodies are read as plain JSON. */
export interface Said {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into bodies of every shape
  readonly body: any;
}

/** A bare client for the tests: no retries, nothing clever. */
export interface Dap {
  readonly token: string;
  get(path: string): Promise<Said>;
  post(path: string, body: unknown): Promise<Said>;
  /** Asks for a job of a table and gives the first answer. */
  ask(table: string, query: Record<string, unknown>): Promise<Said>;
  /** The records of every file of a complete job. */
  records(job: Said['body'], format: Format): Promise<FlatRecord[]>;
  /** The bytes behind one object. */
  download(object: string): Promise<Response>;
}

export async function login(simulator: CanvasSimulator): Promise<Dap> {
  const said = await fetch(`${simulator.url}/ids/auth/login`, {
    method: 'POST',
    headers: { authorization: basic(simulator.clientId, simulator.clientSecret) },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await said.json()) as { access_token: string };
  const call = async (method: string, path: string, body?: unknown): Promise<Said> => {
    const response = await fetch(simulator.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const dap: Dap = {
    token,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    ask: (table, query) => {
      const [namespace, name] = table.split('.');
      return call('POST', `/dap/query/${namespace}/table/${name}/data`, query);
    },
    download: async (object) => {
      const { body } = await dap.post('/dap/object/url', [{ id: object }]);
      return fetch(body.urls[object].url);
    },
    records: async (job, format) => {
      const records: FlatRecord[] = [];
      for (const { id } of job.objects as { id: string }[]) {
        const response = await dap.download(id);
        records.push(...(await readRecords(format, new Uint8Array(await response.arrayBuffer()))));
      }
      return records;
    },
  };
  return dap;
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}
