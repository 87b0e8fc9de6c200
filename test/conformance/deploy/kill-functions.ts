import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ministack } from '../aws/ministack.ts';

export interface Killing {
  /** Names of the functions whose processes are ended. */
  readonly functions: readonly string[];
  readonly times: number;
  /** Something that grows while the functions are in the middle of their work: each time, they are ended. */
  readonly seen: () => number;
  /** No more from here on. */
  readonly signal: AbortSignal;
}

/**
 * Ends every process of some functions of this emulator, so many times.
 * @returns how many processes
 */
export async function killFunctions(
  { endpoint }: Pick<Ministack, 'endpoint'>,
  { functions, times, seen, signal }: Killing,
): Promise<number> {
  let killed = 0;
  let before = seen();
  for (let round = 0; round < times && !signal.aborted; ) {
    await sleep(50);
    if (seen() === before) continue;
    const pids = await processesOf(endpoint, functions);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    killed += pids.length;
    if (pids.length > 0) round += 1;
    before = seen();
  }
  return killed;
}

async function processesOf(endpoint: string, functions: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const set = new Set(environment.split('\0'));
    const ours = set.has(`AWS_ENDPOINT_URL=${endpoint}`);
    if (ours && functions.some((name) => set.has(`AWS_LAMBDA_FUNCTION_NAME=${name}`)))
      found.push(Number(pid));
  }
  return found;
}
