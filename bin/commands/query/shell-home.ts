import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const KEPT = 1_000;

/**
 * Where statements are remembered: they may name people, so nobody else can read the file.
 * Source of the folder: https://specifications.freedesktop.org/basedir-spec/latest/
 */
export const historyFile = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'campus-lake', 'query-history');

/** Earlier statements, the newest first; none where there is no file or it cannot be read. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).reverse();
  } catch {
    return [];
  }
}

/** Keeps the newest statements, for this user alone. A shell works without a history, so no failure ends it. */
export function keepHistory(file: string, newestFirst: readonly string[]): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${newestFirst.slice(0, KEPT).reverse().join('\n')}\n`, { mode: 0o600 });
    chmodSync(file, 0o600);
  } catch {
    // A folder that cannot be written to.
  }
}

/** Writes a text to the terminal, by $PAGER (or less) where it is longer than the screen. */
export function page(text: string, screen: { readonly rows?: number } = process.stdout): void {
  const isLong = text.split('\n').length > (screen.rows || Number.POSITIVE_INFINITY);
  if (isLong) {
    const pager = process.env.PAGER || 'less -FRSX';
    const { status } = spawnSync(pager, { shell: true, input: text, stdio: ['pipe', 'inherit', 'inherit'] });
    if (status === 0) return;
  }
  process.stdout.write(text);
}
