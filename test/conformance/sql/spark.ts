import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { SPARK_SETTINGS } from '../../../src/sql/spark/to-spark.ts';
import type { Answer } from '../../sql/idioms/answer.ts';
import { sparkAnswer } from '../../sql/idioms/answer.ts';
import { endGroup } from '../aws/python-server.ts';
import { pythonVenv } from '../python-venv.ts';

/** A real Spark, one session for all statements. */
export interface Spark {
  readonly version: string;
  /** @throws Error with Spark's message */
  ask(sql: string): Promise<Answer>;
  /** Runs a statement for what it does. */
  run(sql: string): Promise<void>;
  stop(): Promise<void>;
}

interface Line {
  readonly ready?: string;
  readonly error?: string;
  readonly columns?: [string, string][];
  readonly rows?: unknown[][];
}

export async function startSpark(settings: { readonly [name: string]: string } = {}): Promise<Spark> {
  const programs = await pythonVenv('spark', path.join(import.meta.dirname, 'requirements.txt'));
  const folder = await mkdtemp(path.join(tmpdir(), 'spark-'));
  const all = { ...SPARK_SETTINGS, 'spark.sql.warehouse.dir': path.join(folder, 'warehouse'), ...settings };
  const script = path.join(import.meta.dirname, 'spark_answers.py');
  const args = [script, ...Object.entries(all).map(([name, value]) => `${name}=${value}`)];
  const child = spawn(path.join(programs, 'python'), args, {
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const end = () => endGroup(child);
  process.once('exit', end);
  const talk = conversation(child);
  const stop = async () => {
    process.off('exit', end);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const isRunning = child.exitCode === null && child.signalCode === null;
    end();
    if (isRunning) await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const { ready } = await talk().catch(async (error) => {
    await stop();
    throw error;
  });
  const ask = async (sql: string, rows: boolean): Promise<Line> => {
    const line = await talk(JSON.stringify({ sql, rows }));
    if (line.error !== undefined) throw new Error(line.error);
    return line;
  };
  return {
    version: ready ?? '',
    ask: async (sql) => {
      const { columns = [], rows = [] } = await ask(sql, true);
      return sparkAnswer(columns, rows);
    },
    run: async (sql) => {
      await ask(sql, false);
    },
    stop,
  };
}

/** Sends a line, if there is one, and waits for the next that comes back; in turn. */
function conversation(child: ChildProcess): (text?: string) => Promise<Line> {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  let last: Promise<unknown> = Promise.resolve();
  return (text) => {
    const next = last.then(async () => {
      if (text !== undefined) child.stdin!.write(`${text}\n`);
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`Spark ended.\n${said}`);
        // Warnings of its Java come by the same output.
        if (value.startsWith('{')) return JSON.parse(value) as Line;
      }
    });
    last = next.catch(() => undefined);
    return next;
  };
}
