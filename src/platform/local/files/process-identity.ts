import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';

/** One process of one machine, distinct from a later one to which the system gave the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words; only compared. */
  readonly started: string;
  readonly host: string;
  /** Differs after each start of the machine, where the system tells it. Containers share that of their machine. */
  readonly boot: string;
  /** Among which processes its number counts: containers have spaces of their own. Absent: not known. */
  readonly pids?: string;
}

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    host: os.hostname(),
    boot: bootId(),
    pids: pidNamespace(),
  };
  return own;
}

/**
 * Whether the process lives, as far as its number tells. The host's name decides nothing where the machine says which
 * start of it this is: a container gets a new name each time.
 * @returns 'unknown' for a process of another machine, or of a container into which this one cannot look
 */
export function lifeOf(identity: ProcessIdentity, here = ownIdentity()): 'alive' | 'dead' | 'unknown' {
  const sameHost = identity.host === here.host;
  const sameBoot = identity.boot === here.boot && (here.boot !== '' || sameHost);
  if (!sameBoot) return sameHost ? 'dead' : 'unknown';
  if (identity.pids === undefined ? !sameHost : identity.pids !== here.pids) return 'unknown';
  return startOf(identity.pid) === identity.started ? 'alive' : 'dead';
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

/** https://man7.org/linux/man-pages/man7/pid_namespaces.7.html; empty where the system has none. */
function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
