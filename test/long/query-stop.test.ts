import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../end-to-end/small-campus.ts';

/** A function that makes one value for a long time, within which DuckDB does not look whether it was interrupted. */
const UNINTERRUPTIBLE = "SELECT length(lpad('a', 1500000000, 'x'))";
/** Rows without end, between which it looks. */
const ENDLESS = 'SELECT sum(a.range + b.range) FROM range(10000000) a, range(10000000) b';

const url = (path: string) => JSON.stringify(pathToFileURL(join(ROOT, path)).href);

/** A question as `lake query` asks it, over an engine that has begun. */
const program = (sql: string, seconds?: number) => `
  await import(${url('bin/typescript.mjs')});
  const { untilStopped } = await import(${url('bin/commands/query/until-stopped.ts')});
  const { runCommand } = await import(${url('bin/commands/common.ts')});
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:', { memory_limit: '3GB' })).connect();
  await runCommand(() => untilStopped({ seconds: ${seconds} }, async (signal) => {
    signal.addEventListener('abort', () => connection.interrupt());
    console.log('asked');
    await connection.run(${JSON.stringify(sql)});
  }));`;

async function ask(sql: string, seconds?: number) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(sql, seconds)], { cwd: ROOT });
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  await new Promise((done) => setTimeout(done, 500));
  const from = Date.now();
  if (seconds === undefined) child.kill('SIGINT');
  const [code, signal] = await ended;
  return { code, signal, said, ms: Date.now() - from };
}

describe('Ctrl+C during a question', () => {
  it.each([
    ['between rows', ENDLESS],
    ['within a function that does not look', UNINTERRUPTIBLE],
  ])(
    'ends it within a second, in one line: %s',
    async (_, sql) => {
      const { code, signal, said, ms } = await ask(sql);

      expect(said).toBe('error: Stopped by Ctrl+C.\n');
      // As a shell sees it: 130 either way.
      expect(code ?? signal).toBe(code === null ? 'SIGINT' : 130);
      expect(ms).toBeLessThan(1_000);
    },
    60_000,
  );

  it('is not needed where there is a time limit', async () => {
    const { said, ms } = await ask(UNINTERRUPTIBLE, 1);

    expect(said).toMatch(/^error: The statement was stopped after 1 second\.\nnext: /);
    expect(ms).toBeLessThan(10_000);
  }, 60_000);
});
