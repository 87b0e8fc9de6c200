import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../../..');
const LAKE = join(ROOT, 'bin/lake.mjs');

/** A demo's college in a folder of its own. */
export interface DemoHome {
  /** What a command prints. */
  lake(...words: string[]): Promise<string>;
  /** Serves its workbench. @param words more of the command */
  serve(...words: string[]): Promise<ServedProcess>;
  close(): Promise<void>;
}

export interface ServedProcess {
  /** Lets one browser in. */
  readonly link: string;
  /** Presses Ctrl+C. @returns the exit code */
  stop(): Promise<number | null>;
}

/** Loads a small college as a newcomer does, and gives it a campus.yaml that knows where it is. */
export async function openDemo(students: number): Promise<DemoHome> {
  const home = await mkdtemp(join(tmpdir(), 'workbench-'));
  const campus = join(home, 'campus.yaml');
  await run(
    process.execPath,
    [LAKE, 'demo', '--students', String(students), '--days', '2', '--lake', join(home, '.lake')],
    {
      cwd: ROOT,
      maxBuffer: 1e8,
    },
  );
  for (const part of ['campus.yaml', 'access.yaml', 'slo.yaml', 'catalog', 'models'])
    await cp(join(ROOT, part), join(home, part), { recursive: true });
  await mkdir(join(home, 'queries'));
  const served: ChildProcess[] = [];
  // The secrets of sources that are gone: a run gets as far as not reaching Canvas.
  const env = { ...process.env, CANVAS_CLIENT_ID: 'nobody', CANVAS_CLIENT_SECRET: 'nothing' };
  return {
    lake: async (...words) =>
      (await run(process.execPath, [LAKE, ...words, '--campus', campus], { cwd: ROOT, env, maxBuffer: 1e8 }))
        .stdout,
    serve: async (...words) => {
      const child = spawn(process.execPath, [LAKE, 'serve', '--port', '0', '--campus', campus, ...words], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      served.push(child);
      const link = await new Promise<string>((found, failed) => {
        let text = '';
        child.stdout.on('data', (part: Buffer) => {
          text += part.toString();
          const [link] = /http:\/\/\S+/.exec(text) ?? [];
          if (link !== undefined) found(link);
        });
        child.once('exit', (code) => failed(new Error(`lake serve has ended with ${code}: ${text}`)));
      });
      return {
        link,
        stop: async () => {
          const ended = once(child, 'exit');
          child.kill('SIGINT');
          const [code] = (await ended) as [number | null];
          return code;
        },
      };
    },
    close: async () => {
      for (const child of served) if (child.exitCode === null) child.kill('SIGKILL');
      await rm(home, { recursive: true, force: true });
    },
  };
}
