import { join } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../src/errors.ts';
import type { Until } from '../../src/simulators/canvas/time-range.ts';
import {
  chooseCollege,
  type SimulatedCampus,
  startSimulatedCampus,
} from '../../src/simulators/simulated-campus.ts';
import { wholeNumber } from '../../src/whole-number.ts';
import { runCommand } from './common.ts';

interface SimulateFlags {
  students: string;
  seed: string;
  oulad?: string;
  at?: string;
  canvasPort: string;
  sisPort: string;
  directory: string;
  freezeClock?: boolean;
  jobTime: string;
  refresh: string;
  until: string;
}

/** What "until" may be, by the words of the option. */
const UNTIL: Readonly<Record<string, Until>> = { latest: 'latest-commit', clock: 'clock' };

/** 0: any that is free. */
const PORT = { max: 65_535 };

export function defineSimulate(command: Command): void {
  command
    .argument('[which]', 'canvas, sis or both', 'both')
    .option('--students <n>', 'size of the made-up college', '2000')
    .option('--seed <n>', 'the same seed makes the same college', '1')
    .option(
      '--oulad <folder>',
      'serve the real students of the Open University dataset in this folder instead',
    )
    .option('--at <instant>', 'initial simulated time, e.g. 2026-10-05T12:00:00Z')
    .option('--canvas-port <port>', 'port of the DAP server', '8095')
    .option('--sis-port <port>', 'port of the database', '5495')
    .option('--directory <folder>', "folder of the SIS's database", join('.lake', 'simulator'))
    .option('--freeze-clock', 'freeze the clock; it moves only on request')
    .option('--job-time <seconds>', 'how long a Canvas job takes to complete', '0')
    .option(
      '--refresh <hours>',
      'Canvas hands out new data at full hours, this many hours apart (documented: 4); 0: at once',
      '0',
    )
    .option(
      '--until <what>',
      "where a job of Canvas ends: at the table's latest commit, as documented (latest), or now (clock)",
      'latest',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ lake simulate                          both systems of a college of 2,000 students
  $ lake simulate --oulad ../data/oulad    both systems of a college of real students
  $ lake simulate canvas --students 50     its Canvas alone
  $ lake simulate canvas --job-time 90 --refresh 4     one whose jobs take time and whose data are late

Type a number and Enter to let so many days pass; Ctrl+C ends it.`,
    )
    .action((which: string, flags: SimulateFlags) => runCommand(() => simulate(which, flags)));
}

async function simulate(which: string, flags: SimulateFlags): Promise<void> {
  if (which !== 'canvas' && which !== 'sis' && which !== 'both') {
    throw new InputError(`There is nothing to simulate called "${which}".`, {
      hint: 'Say canvas, sis or both.',
    });
  }
  const { college, start } = chooseCollege({
    oulad: flags.oulad,
    students: wholeNumber('--students', flags.students, { min: 1 }),
    seed: wholeNumber('--seed', flags.seed),
  });
  const campus = await startSimulatedCampus({
    college,
    which,
    start: flags.at === undefined ? start : instant(flags.at),
    directory: flags.directory,
    running: !flags.freezeClock,
    canvas: {
      jobDelay: { ms: wholeNumber('--job-time', flags.jobTime) * 1000 },
      refreshMs: wholeNumber('--refresh', flags.refresh) * 3_600_000,
      until: untilOf(flags.until),
    },
    canvasPort: wholeNumber('--canvas-port', flags.canvasPort, PORT),
    sisPort: wholeNumber('--sis-port', flags.sisPort, PORT),
  });
  process.stdout.write(`${campus.college.name}. ${campus.college.provenance}\n\n${connections(campus)}\n`);
  await untilEnd(campus);
  await campus.stop();
}

function untilOf(text: string): Until {
  const until = UNTIL[text];
  if (until === undefined) throw new InputError(`--until takes latest or clock, not "${text}".`);
  return until;
}

function instant(text: string): number {
  const value = Date.parse(text);
  if (Number.isNaN(value))
    throw new InputError(`--at takes an instant such as 2026-10-05T12:00:00Z, not "${text}".`);
  return value;
}

/** How to reach what runs: as exports, so that they can be pasted into the terminal of the lake. */
function connections({ clock, canvas, sis }: SimulatedCampus): string {
  const lines = [`Its clock shows ${new Date(clock.now()).toISOString()}.`, ''];
  if (canvas) {
    lines.push(
      `Canvas  ${canvas.url}`,
      `  export CANVAS_CLIENT_ID='${canvas.clientId}' CANVAS_CLIENT_SECRET='${canvas.clientSecret}'`,
    );
  }
  if (sis) {
    lines.push(
      `SIS     postgres://${sis.user}@${sis.host}:${sis.port}/${sis.database}`,
      `  export SIS_PASSWORD='${sis.password}'`,
    );
  }
  lines.push('', 'Type a number and Enter to let so many days pass; Ctrl+C ends it.');
  return lines.join('\n');
}

/** Lets days pass as they are typed; resolves when it is asked to end. */
async function untilEnd(campus: SimulatedCampus): Promise<void> {
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (text: string) => {
    const days = Number(text.trim() || '0');
    if (!(days > 0)) return;
    campus
      .advanceTo(campus.clock.now() + days * 86_400_000)
      .then(() => process.stdout.write(`It is ${new Date(campus.clock.now()).toISOString()} now.\n`))
      .catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  });
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  process.stdin.pause();
}
