import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Campus } from '../../src/campus/campus.ts';
import { type LoadedCampus, loadCampus } from '../../src/campus/load.ts';
import { InputError } from '../../src/errors.ts';
import { planFor } from '../../src/pipeline/plan.ts';
import { type RunOutcome, runLake } from '../../src/pipeline/run.ts';
import { lakePlaces } from '../../src/platform/local/platform.ts';
import { showAnswer } from '../demo/answer.ts';
import { CollegeProcess, type Doors } from '../demo/college-process.ts';
import { stopSignal, withLake } from '../home.ts';
import { showProgress } from '../progress/progress.ts';
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
const ROOT = resolve(import.meta.dirname, '../..');

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('load a simulated college end to end and show which students need attention')
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
  const { campus, catalog } = await loadCampus(join(ROOT, 'campus.yaml'));
  const loaded = { catalog, campus: { ...campus, lake: flags.lake ? resolve(flags.lake) : campus.lake } };
  const { root } = lakePlaces(loaded.campus);
  await makeRoom(root);

  const size = { students: Number(flags.students), seed: Number(flags.seed) };
  const college = await CollegeProcess.open({
    ...size,
    oulad: flags.oulad,
    directory: join(root, 'simulator'),
  });
  try {
    const { doors } = college;
    const demoCampus = { ...loaded, campus: pointedAt(loaded.campus, doors) };
    say(`${bold(doors.college)}: ${doors.provenance}`);
    say(
      `Canvas at ${doors.canvas.url}, the student information system at ${doors.sis.host}:${doors.sis.port}`,
    );

    say(`\n${bold(`${day(doors.now)}: everything is loaded for the first time`)}`);
    let outcome = await load(demoCampus, signal);
    for (let passed = 1; passed <= Number(flags.days) && fine(outcome); passed++) {
      await college.advanceTo(doors.now + passed * DAY_MS);
      say(`\n${bold(`${day(doors.now + passed * DAY_MS)}: a day has passed; what has changed is loaded`)}`);
      outcome = await load(demoCampus, signal);
    }
    if (!fine(outcome)) return 1;
    await withLake(demoCampus, {}, (lake) => showAnswer(lake, say));
    return 0;
  } finally {
    await college.close();
  }
}

const fine = (outcome: RunOutcome) => outcome.record.status === 'succeeded';
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

/** The project's own campus with the simulated college behind its sources. */
function pointedAt(campus: Campus, { college, timeZone, canvas, sis }: Doors): Campus {
  process.env.CANVAS_CLIENT_ID = canvas.clientId;
  process.env.CANVAS_CLIENT_SECRET = canvas.clientSecret;
  process.env.SIS_PASSWORD = sis.password;
  const sources = Object.fromEntries(
    Object.entries(campus.sources).map(([name, source]) => [
      name,
      source.kind === 'canvas'
        ? // The simulator has no limits; Canvas's five new jobs a minute would make a long demo.
          { ...source, url: canvas.url, jobsPerMinute: 6000 }
        : { ...source, host: sis.host, port: sis.port, database: sis.database, user: sis.user },
    ]),
  );
  return { ...campus, name: college, timeZone, sources };
}

async function load(loaded: LoadedCampus, signal: AbortSignal): Promise<RunOutcome> {
  const progress = showProgress(planFor(loaded.campus), { silent: false });
  try {
    return await withLake(loaded, { watch: progress.watch, signal }, (lake) =>
      runLake({ lake, watch: progress.watch }),
    );
  } finally {
    await progress.finish();
  }
}
