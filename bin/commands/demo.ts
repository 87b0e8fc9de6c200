import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../src/errors.ts';
import { CollegeProcess } from '../demo/college-process.ts';
import { demoCampus, rootOf } from '../demo/demo-campus.ts';
import { stopSignal } from '../stop-signal.ts';
import { colours, runCommand } from './common.ts';

interface DemoFlags {
  students: string;
  seed: string;
  oulad?: string;
  days: string;
  lake?: string;
}

/** Tells a lake that the demo made, and may make anew, from one that somebody keeps. */
const MARK = 'made-by-demo';
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
  const signal = stopSignal();
  const college = new CollegeProcess();
  try {
    const loaded = await demoCampus(flags.lake);
    const root = rootOf(loaded);
    await makeRoom(root);
    // What loads it is read in, and made ready, while it opens its doors.
    const opening = college.open({
      students: Number(flags.students),
      seed: Number(flags.seed),
      oulad: flags.oulad,
      directory: join(root, 'simulator'),
    });
    opening.catch(() => {}); // It is waited for below, when there is more to wait for.
    const { answerOf, loadCollege, makeReady } = await import('../demo/load-college.ts');
    const [doors] = await Promise.all([opening, makeReady(loaded)]);
    say(`${bold(doors.college)}: ${doors.provenance}`);
    say(
      `Canvas at ${doors.canvas.url}, the student information system at ${doors.sis.host}:${doors.sis.port}`,
    );

    say(`\n${bold(`${day(doors.now)}: everything is loaded for the first time`)}`);
    let fine = await loadCollege(loaded, doors, signal);
    for (let passed = 1; passed <= Number(flags.days) && fine; passed++) {
      await college.advanceTo(doors.now + passed * DAY_MS);
      say(`\n${bold(`${day(doors.now + passed * DAY_MS)}: a day has passed; what has changed is loaded`)}`);
      fine = await loadCollege(loaded, doors, signal);
    }
    if (!fine) return 1;
    await answerOf(loaded, doors, say);
    return 0;
  } finally {
    await college.close();
  }
}

const day = (instant: number) =>
  new Date(instant).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });

/** An empty folder for the lake. One that the demo made before is removed; any other is left alone. */
async function makeRoom(root: string): Promise<void> {
  if (existsSync(root)) {
    if (!existsSync(join(root, MARK))) {
      throw new InputError(`${root} holds a lake that the demo did not make.`, {
        hint: 'Move it away, or give campus.yaml another `lake:` folder, and try again.',
      });
    }
    await rm(root, { recursive: true, force: true });
  }
  await mkdir(join(root, 'simulator'), { recursive: true });
  await writeFile(
    join(root, MARK),
    'Made by `lake demo`, which replaces this folder when it is run again.\n',
  );
}
