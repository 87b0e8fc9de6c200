import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ticks of the kernel's clock to a second, on every Linux that Node runs on. */
const TICKS = 100;

/** Seconds of processor time: of a process and the children that it has waited for, or of those children only. */
function seconds(pid: number | string, own: boolean): number {
  // Fields 14 to 17 of proc(5): utime, stime, cutime, cstime. The name before them can hold anything.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(own ? 11 : 13, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / TICKS;
}

/** Seconds of processor time of the programs that this process has started and that have ended. Linux only. */
export const childSeconds = (): number => seconds('self', false);

/**
 * A clock of the work done, whoever else keeps the machine busy: by programs that this process has started and that
 * have ended, and by a PostgreSQL server. Zero where the system does not tell.
 * @param home the directory that the server was started in
 */
export function workClock(home: string): () => number {
  try {
    const note = readFileSync(join(home, 'data/postmaster.pid'), 'utf8');
    const postmaster = note.split('\n')[0]!;
    return () => childSeconds() + serverSeconds(postmaster);
  } catch {
    return () => 0;
  }
}

function serverSeconds(postmaster: string): number {
  let sum = seconds(postmaster, true);
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      if (parent === postmaster) sum += seconds(name, true);
    } catch {
      // It has ended meanwhile, and is counted with its parent.
    }
  }
  return sum;
}
