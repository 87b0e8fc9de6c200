import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const home = path.resolve(here, '../../../.conformance/dap-client');

/** What the client's command line wrote, on both streams. */
export interface Said {
  readonly out: string;
}

/** The official client's command line, pointed at a simulator. */
export interface DapClient {
  /** @throws Error with everything that the client wrote when it ends with another code than 0 */
  dap(...words: readonly string[]): Promise<Said>;
}

/**
 * Instructure's own client, installed from PyPI into `.conformance/` with every version pinned.
 * @throws Error when there is no Python 3.11 or newer
 */
export async function officialClient(
  simulator: Pick<CanvasSimulator, 'url' | 'clientId' | 'clientSecret'>,
  connection: string,
): Promise<DapClient> {
  await install();
  const env = {
    ...process.env,
    DAP_API_URL: simulator.url,
    DAP_CLIENT_ID: simulator.clientId,
    DAP_CLIENT_SECRET: simulator.clientSecret,
    DAP_CONNECTION_STRING: connection,
    DAP_TRACKING: 'off',
    NO_COLOR: '1',
    COLUMNS: '200',
  };
  return {
    async dap(...words) {
      const command = [
        path.join(home, 'bin/dap'),
        ['--non-interactive', '--loglevel', 'warning', ...words],
      ] as const;
      try {
        const { stdout, stderr } = await run(...command, { env, maxBuffer: 64 * 1024 * 1024 });
        return { out: stdout + stderr };
      } catch (error) {
        const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
        throw new Error(`dap ${words.join(' ')} failed\n${stdout}${stderr}`, { cause: error });
      }
    },
  };
}

async function install(): Promise<void> {
  const wanted = await readFile(path.join(here, 'requirements.txt'), 'utf8');
  const done = path.join(home, 'installed.txt');
  const present = await stat(done).then(
    () => readFile(done, 'utf8'),
    () => undefined,
  );
  if (present === wanted) return;
  await mkdir(path.dirname(home), { recursive: true });
  await run(await python(), ['-m', 'venv', '--clear', home]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await run(path.join(home, 'bin/python'), [...pip, '-r', path.join(here, 'requirements.txt')]);
  await writeFile(done, wanted);
}

async function python(): Promise<string> {
  for (const name of ['python3.11', 'python3.12', 'python3.13', 'python3']) {
    const check = 'import sys; sys.exit(sys.version_info < (3, 11))';
    if (
      await run(name, ['-c', check]).then(
        () => true,
        () => false,
      )
    )
      return name;
  }
  throw new Error('The official DAP client needs Python 3.11 or newer on the PATH.');
}
