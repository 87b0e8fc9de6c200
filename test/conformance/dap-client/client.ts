import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CanvasSimulator } from '../../../src/simulators/canvas/server.ts';
import { pythonVenv } from '../python-venv.ts';

const run = promisify(execFile);

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
 * Instructure's own client, installed from PyPI with every version pinned.
 * @throws Error when there is no Python 3.11 or newer
 */
export async function officialClient(
  simulator: Pick<CanvasSimulator, 'url' | 'clientId' | 'clientSecret'>,
  connection: string,
): Promise<DapClient> {
  const programs = await pythonVenv('dap-client', path.join(import.meta.dirname, 'requirements.txt'));
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
        path.join(programs, 'dap'),
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
