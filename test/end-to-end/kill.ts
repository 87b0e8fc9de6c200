import { type ChildProcess, spawn } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dump, ROOT, type SmallCampus } from './small-campus.ts';
import { warehouseDump } from './warehouse-dump.ts';

/** What a lake shows at its end: what is published, and what the warehouse serves. */
export interface EndState {
  readonly published: Record<string, string[]>;
  readonly warehouse: Record<string, string[]>;
}

export async function endState(campus: SmallCampus, lakeFolder: string): Promise<EndState> {
  const published = await campus.look(lakeFolder, (platform) => dump(platform));
  const { campus: description } = await campus.open(lakeFolder);
  return { published, warehouse: await warehouseDump(description) };
}

/** `lake run` in a process of its own, from the moment at which it has begun to load. */
async function startRun(
  campus: SmallCampus,
  lakeFolder: string,
): Promise<{ child: ChildProcess; ended: Promise<number | null> }> {
  const { file } = await campus.open(lakeFolder);
  const child = spawn(process.execPath, [join(ROOT, 'bin/lake.mjs'), 'run', '--campus', file], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => {
    child.stderr!.once('data', resolve);
    child.once('exit', resolve);
  });
  child.stderr!.resume();
  return { child, ended };
}

/** How long an undisturbed run takes here, in ms from its first sign of life: the span of moments to kill it at. */
export async function undisturbed(campus: SmallCampus, base: string, lakeFolder: string): Promise<number> {
  await cp(join(campus.folder, base), join(campus.folder, lakeFolder), { recursive: true });
  const { ended } = await startRun(campus, lakeFolder);
  const began = performance.now();
  const code = await ended;
  if (code !== 0) throw new Error(`the undisturbed run ended with ${code}`);
  return performance.now() - began;
}

/** A run that is killed after so many ms, then continued to its end. @returns whether the kill came in time */
export async function killAndContinue(
  campus: SmallCampus,
  base: string,
  lakeFolder: string,
  afterMs: number,
): Promise<{ killed: boolean; continued: boolean; state: EndState }> {
  await cp(join(campus.folder, base), join(campus.folder, lakeFolder), { recursive: true });
  const { child, ended } = await startRun(campus, lakeFolder);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  const killed = (await ended) === null;
  const { record, failures, continued } = await campus.run(lakeFolder);
  if (record.status !== 'succeeded') throw new Error(`the continued run failed: ${JSON.stringify(failures)}`);
  const state = await endState(campus, lakeFolder);
  await rm(join(campus.folder, lakeFolder), { recursive: true, force: true });
  return { killed, continued, state };
}
