import { closeSync, constants, fchmodSync, openSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';

/** Environment variable that names the debug log; `--debug-log <file>` sets it. Unset: there is none. */
export const DEBUG_LOG = 'LAKE_DEBUG_LOG';

/**
 * Writes an error as it was thrown, with every cause and trace, to the debug log. What drivers say can hold values
 * of rows: so the log is off unless somebody asks for it, its mode is 0600, and nothing else ever reads it. A log
 * that cannot be written stops nothing.
 * @param where what failed, e.g. the run and the place in the plan
 */
export function debugLog(where: string, error: unknown): void {
  const file = process.env[DEBUG_LOG];
  if (!file) return;
  try {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
    const log = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
    try {
      fchmodSync(log, 0o600);
      writeSync(log, `${new Date().toISOString()} ${where}\n${inspect(error, { depth: 8 })}\n\n`);
    } finally {
      closeSync(log);
    }
  } catch {
    process.stderr.write(`The debug log ${file} cannot be written.\n`);
  }
}
