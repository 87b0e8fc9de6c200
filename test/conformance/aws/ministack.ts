import path from 'node:path';
import { FUNCTIONS_NODE, nodeOf } from '../node/node-of.ts';
import { pythonVenv } from '../python-venv.ts';
import { startServer } from './python-server.ts';

/** The emulator that stands for AWS: https://pypi.org/project/ministack/. Nobody here wrote it. */
export interface Ministack {
  /** `http://127.0.0.1:<port>`, for every service. */
  readonly endpoint: string;
  /** What an SDK client, the CDK or a child process needs to find it: endpoint, region and keys of no worth. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

export const REGION = 'us-east-1';

/**
 * A new and empty one on a free loopback port; installs it on first use.
 * @param settings its own environment variables, beside those that keep it to itself
 */
export async function startMinistack(settings: Record<string, string> = {}): Promise<Ministack> {
  const programs = await pythonVenv(
    'ministack',
    path.join(import.meta.dirname, 'ministack-requirements.txt'),
  );
  const server = await startServer({
    program: path.join(programs, 'ministack'),
    words: () => [],
    env: (port, folder) => ({
      // By default it listens to everyone, and calls itself localhost, which need not be 127.0.0.1.
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      // Handed on to functions that bring their own runtime.
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      MINISTACK_REGION: REGION,
      STATE_DIR: path.join(folder, 'state'),
      S3_DATA_DIR: path.join(folder, 's3'),
      LOG_LEVEL: 'WARNING',
      ...settings,
    }),
    answers: '/_ministack/health',
  });
  return { ...server, env: sdkEnvironment(server.endpoint) };
}

/** The same, with functions on the Node of AWS's runtime. @param waitScale seconds that a second of waiting takes */
export async function startForFunctions(waitScale: string): Promise<Ministack> {
  const node = await nodeOf(FUNCTIONS_NODE);
  const PATH = [path.dirname(node), process.env.PATH].join(path.delimiter);
  return startMinistack({ SFN_WAIT_SCALE: waitScale, PATH });
}

/** Environment by which SDK clients of every language find an emulator, and nothing else. */
export function sdkEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    // The CDK's command line wants S3's own.
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
