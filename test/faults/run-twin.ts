import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { limitOf, type Twin } from './twins.ts';

/** What came of a twin. */
export interface Ran extends Twin {
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** Its stop condition was met, or somebody stopped it: it has shown nothing. */
  readonly stopped: boolean;
}

const ROOT = join(import.meta.dirname, '../..');

export function configOf(file: string): string {
  if (file.startsWith('test/long/')) return 'vitest.long.config.ts';
  return file.startsWith('test/conformance/') ? 'vitest.conformance.config.ts' : 'vitest.config.ts';
}

/**
 * Runs the tests of a twin, and ends them with everything they have started when their time is over.
 * @param folder for its report
 * @param signal ends it at once
 */
export async function runTwin(twin: Twin, folder: string, signal: AbortSignal): Promise<Ran> {
  const output = join(folder, 'report.json');
  await rm(output, { force: true });
  const named = twin.tests === undefined ? [] : ['-t', twin.tests];
  const began = Date.now();
  const stopped = await ended(
    [
      'vitest',
      'run',
      '--config',
      configOf(twin.file),
      twin.file,
      '--reporter=json',
      `--outputFile=${output}`,
      ...named,
    ],
    AbortSignal.any([signal, AbortSignal.timeout(limitOf(twin) * 60_000)]),
  );
  // A suite that could not begin writes no report: it has failed, not held.
  const { numPassedTests = 0, numFailedTests = stopped ? 0 : 1 } = JSON.parse(
    await readFile(output, 'utf8').catch(() => '{}'),
  ) as { numPassedTests?: number; numFailedTests?: number };
  const seconds = Math.round((Date.now() - began) / 1000);
  return { ...twin, passed: numPassedTests, failed: numFailedTests, seconds, stopped };
}

/** @returns whether it was stopped */
function ended(words: readonly string[], signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that servers which a suite has started end with it.
    const child = spawn('npx', [...words], {
      cwd: ROOT,
      detached: true,
      stdio: 'ignore',
      env: { FAULT_SEEDS: '1', KILL_POINTS: '2', ...process.env, CONFORMANCE: 'all' },
    });
    const end = () => process.kill(-child.pid!, 'SIGTERM');
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('close', () => {
      signal.removeEventListener('abort', end);
      resolve(signal.aborted);
    });
  });
}
