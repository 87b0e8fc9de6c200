import { join } from 'node:path';
import type { Command } from 'commander';
import { colours } from '../../src/colours.ts';
import { LakeError } from '../../src/errors.ts';
import { wholeNumber } from '../../src/whole-number.ts';
import { CollegeProcess } from '../demo/college-process.ts';
import { demoCampus, rootOf } from '../demo/demo-campus.ts';
import { makeRoom } from '../demo/make-room.ts';
import { stopSignal } from '../stop-signal.ts';
import { runCommand } from './common.ts';

interface DemoFlags {
  students: string;
  seed: string;
  oulad?: string;
  days: string;
  lake?: string;
}

/** What the generator was tried with; more students take more memory than they are worth here. */
const LIMITS = { students: { min: 1, max: 50_000 }, days: { min: 0, max: 400 } };
const DAY_MS = 86_400_000;

export function defineDemo(command: Command): void {
  command
    .option('--students <n>', 'how many students it has', '2000')
    .option('--seed <n>', 'the same seed makes the same college', '1')
    .option('--days <n>', 'how many days pass after the first load', '1')
    .option(
      '--oulad <folder>',
      'take the real students of the Open University dataset in this folder instead',
    )
    .option('--lake <folder>', 'where its lake is put (default: where campus.yaml says)')
    .addHelpText(
      'after',
      `
It starts a simulated Canvas and a real PostgreSQL as student information system, loads both,
lets a day pass, loads what has changed, and ends. The lake stays in .lake for you to query.

Examples:
  $ lake demo
  $ lake demo --students 200 --days 7`,
    )
    .action((flags: DemoFlags) => runCommand(() => demo(flags)));
}

async function demo(flags: DemoFlags): Promise<number> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const bold = colours().bold;
  const students = wholeNumber('--students', flags.students, LIMITS.students);
  const days = wholeNumber('--days', flags.days, LIMITS.days);
  const seed = wholeNumber('--seed', flags.seed);
  const signal = stopSignal();
  say('A simulated college opens: a Canvas, and a PostgreSQL with its student information system …');
  const college = new CollegeProcess();
  let giveBack: (() => Promise<void>) | undefined;
  try {
    const loaded = await demoCampus(flags.lake);
    const root = rootOf(loaded);
    giveBack = await makeRoom(root);
    // What loads it is read in, and made ready, while it opens its connections.
    const opening = college.open({ students, seed, oulad: flags.oulad, directory: join(root, 'simulator') });
    opening.catch(() => {}); // It is waited for below, when there is more to wait for.
    const { answerOf, loadCollege, makeReady } = await import('../demo/load-college.ts');
    const [connections] = await Promise.all([opening, makeReady(loaded)]);
    say(`\n${bold(connections.college)}: ${connections.provenance}`);
    say(
      `Canvas at ${connections.canvas.url}, the student information system at ${connections.sis.host}:${connections.sis.port}`,
    );

    say(`\n${bold(`${day(connections.now)}: everything is loaded for the first time`)}`);
    let fine = await loadCollege(loaded, connections, signal);
    for (let passed = 1; passed <= days && fine; passed++) {
      await college.advanceTo(connections.now + passed * DAY_MS);
      say(
        `\n${bold(`${day(connections.now + passed * DAY_MS)}: a day has passed; what has changed is loaded`)}`,
      );
      fine = await loadCollege(loaded, connections, signal);
    }
    if (!fine) return 1;
    await answerOf(loaded, connections, say);
    return 0;
  } catch (error) {
    // A run that is stopped can be continued, but not this one: its sources are gone with the demo.
    if (!signal.aborted) throw error;
    throw new LakeError('The demo was stopped.', {
      hint: 'run it again; it starts from the beginning',
      cause: error,
    });
  } finally {
    await college.close();
    await giveBack?.();
  }
}

const day = (instant: number) =>
  new Date(instant).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
