import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';

/** One process of one machine, told apart from a later one to which the system gave the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words; only compared. */
  readonly started: string;
  readonly host: string;
  /** Differs after each start of the machine, where the system tells it. */
  readonly boot: string;
}

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  own ??= { pid: process.pid, started: startOf(process.pid) ?? '', host: os.hostname(), boot: bootId() };
  return own;
}

/** Whether the process lives. One of another machine is taken to live: nobody here can know. */
export function isAlive(identity: ProcessIdentity): boolean {
  const here = ownIdentity();
  if (identity.host !== here.host) return true;
  if (identity.boot !== here.boot) return false;
  return startOf(identity.pid) === identity.started;
}

/** undefined where no such process lives. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses can hold anything; after it comes field 3. Field 22 is the start, in ticks since the
    // machine's start: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return process.platform === 'linux' ? undefined : startByPs(pid);
  }
}

function startByPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
