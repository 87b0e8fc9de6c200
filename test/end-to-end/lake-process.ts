import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './small-campus.ts';

/** How a command ended. */
export interface Ended {
  /** Null: it was killed. */
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
  /** In milliseconds. */
  readonly took: number;
}

/** `lake …` in a process of its own. @param killAfterMs default: never */
export async function lakeProcess(
  file: string,
  words: readonly string[],
  killAfterMs?: number,
): Promise<Ended> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'bin/lake.mjs'), ...words, '--campus', file], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  // Of a killed process, what it has started may hold the ends of its pipes.
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
  return { code, out, errors, took: performance.now() - began };
}
