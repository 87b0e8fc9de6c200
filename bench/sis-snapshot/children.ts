import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

export interface Measured {
  readonly seconds: number;
  /** Peak of the resident memory of the process and all below it, MiB. */
  readonly memory: number;
}

const SAMPLE_MS = 50;

/** Runs a program to its end. @throws with what it said when it fails */
export async function timed(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Measured & { output: string }> {
  const started = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const watch = watchMemory(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  const memory = watch.stop();
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output.slice(-2000)}`);
  return { seconds: (performance.now() - started) / 1000, memory, output };
}

/** Samples the memory of a process and its descendants. */
export function watchMemory(child: ChildProcess): { stop(): number } {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBelow(child.pid!));
  }, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return Math.round(peak);
    },
  };
}

/** MiB of a process and all below it, as Linux tells it; 0 elsewhere. */
function residentBelow(root: number): number {
  const children = new Map<number, number[]>();
  const resident = new Map<number, number>();
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return 0;
  }
  for (const name of names) {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
      resident.set(Number(name), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended meanwhile.
    }
  }
  const sum = (pid: number): number =>
    (resident.get(pid) ?? 0) + (children.get(pid) ?? []).reduce((total, child) => total + sum(child), 0);
  return sum(root);
}
