import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import { publicationOf } from '../../pipeline/published.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { widthOf } from '../../screen-table.ts';
import { wholeNumber } from '../../whole-number.ts';
import { readBrought } from '../brought/store.ts';
import { type CourseDecision, decide, forgetDecision, readDecisions } from '../holds.ts';
import { withdrawModel } from '../model-store.ts';
import { keepDecisions } from '../registry/decision-rows.ts';
import { besideBrought } from './beside-brought.ts';
import { besideOulad } from './beside-oulad.ts';
import { defineBrought } from './brought.ts';
import { decisionsInWords, listInWords, readList, readNotices } from './list.ts';
import { putStudiedToUse, type UseFlags } from './put-to-use.ts';
import { reportInWords } from './report.ts';
import { recordShown } from './shown.ts';
import { defineStudents } from './students.ts';
import { asJson, type StudyFlags, studying, studyOf, withStudyOptions } from './studying.ts';

interface HoldFlags extends CommandFlags {
  readonly because?: string;
  readonly anyway?: boolean;
}

interface ReportFlags extends StudyFlags {
  readonly week?: string;
  readonly day?: string;
  readonly beside?: string;
}

interface ListFlags extends CommandFlags {
  readonly week?: string;
  readonly limit: string;
  readonly firstSemester?: boolean;
  readonly term?: string;
  readonly adviser?: string;
  readonly perAdviser?: string;
  readonly notContacted?: string;
}

const ABOUT = `
Early warning learns from terms that are over which students, by what they have handed in, when and how well, did
not get through a course; it says so of the students of running terms, week by week, with the reasons and the facts.
It supports an adviser; it decides nothing, and is no part of a grade.

It looks only at work, scores and time: no gender, race, age, disability or deprivation. Those serve to see who is
missed. Everything is cut off at the end of the week that is looked at, and only who was enrolled then is there.
Who has handed in nothing is not predicted: such students stand first on the list, to be called.

  1. lake early-warning report     how well it would have done, on a term of which the training saw nothing
  2. lake early-warning train      put it to use: from the next \`lake run\` on there is campus.early_warning_scores
  3. lake early-warning list       whom to call, and why
     lake early-warning hold       no scores of one course; release ends it
     lake early-warning withdraw   no more scores
     lake early-warning contact    record a call; opt-out and correct: what a student asks for

A model that was made elsewhere: bring it from a file, see it beside your own (report --beside), and use it.

docs/early-warning.md explains the figures.`;

export function defineEarlyWarning(command: Command, tools: CommandTools): void {
  command.addHelpText('after', ABOUT);

  withStudyOptions(command.command('report'), tools)
    .description('how well it does on students that the training has not seen; stores nothing')
    .option('--week <n>', 'one week in full: calibration, rivals, groups, what the measures weigh')
    .option('--day <n>', 'the same by the day of the term, a multiple of 7')
    .option('--beside <what>', 'a model that was brought, on the same students; or oulad: published figures')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lake early-warning report\n  $ lake early-warning report --week 8 --capacity 150\n  $ lake early-warning report --test 2013J --json\n  $ lake early-warning report --beside statewide-2025',
    )
    .action((flags: ReportFlags) => tools.run(() => report(tools, flags), flags));

  withStudyOptions(command.command('train'), tools)
    .description('train on every past term, write the model card, and score from the next run on')
    .option('--contact <who>', 'who answers for it, for the card (default: as on the last one)')
    .addHelpText(
      'after',
      '\nExample:\n  $ lake early-warning train --contact "Student success, ext. 4711" && lake run && lake early-warning list',
    )
    .action((flags: UseFlags) => tools.run(() => putStudiedToUse(tools, flags), flags));

  defineBrought(command, tools);

  tools
    .addOptions(command.command('list'))
    .description('whom to call, and why: the students of running terms, most at risk first')
    .option('--limit <n>', 'how many', '20')
    .option('--week <n>', 'an earlier week that is still shown')
    .option('--term <code>', 'one term')
    .option('--first-semester', 'only students in their first semester')
    .option('--adviser <number>', "one adviser's students; nobody: those without one")
    .option('--per-adviser <n>', 'at most this many per adviser')
    .option('--not-contacted <days>', 'only whom nobody contacted in the last days')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lake early-warning list --first-semester --limit 30\n  $ lake early-warning list --per-adviser 5 --limit 500 --json',
    )
    .action((flags: ListFlags) => tools.run(() => list(tools, flags), flags));

  defineStudents(command, tools);

  tools
    .addOptions(command.command('hold [course]'))
    .description("hold back one course's scores from the next run on; without a course: what was decided")
    .option('--because <text>', 'why; students and advisers may read it')
    .addHelpText(
      'after',
      '\nExample:\n  $ lake early-warning hold BIO101 --because "its marks are being moved to another scale"',
    )
    .action((course: string | undefined, flags: HoldFlags) =>
      tools.run(() => hold(tools, course, flags), flags),
    );

  tools
    .addOptions(command.command('release <course>'))
    .description('leave a course to the weekly check again, or score it although the check holds it')
    .option('--anyway', 'score it whatever the check says')
    .option('--because <text>', 'why, with --anyway')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lake early-warning release BIO101\n  $ lake early-warning release BIO101 --anyway --because "the new scale is known, and harmless"',
    )
    .action((course: string, flags: HoldFlags) => tools.run(() => release(tools, course, flags), flags));

  tools
    .addOptions(command.command('withdraw'))
    .description('take the model out of use: the next run publishes no scores')
    .action((flags: CommandFlags) => tools.run(() => withdraw(tools, flags), flags));
}

async function report(tools: CommandTools, flags: ReportFlags): Promise<void> {
  const week = weekOf(flags);
  const isPublished = flags.beside === 'oulad';
  const found = await studying(tools, flags, async (lake) =>
    studyOf(lake, flags, {
      ...(week === undefined ? {} : { weeks: [week], auditWeek: week }),
      ...(flags.beside === undefined || isPublished
        ? {}
        : { beside: await readBrought(lake.platform.objects, flags.beside) }),
    }),
  );
  if (flags.json) return tools.printJson(asJson(found));
  process.stdout.write(`${reportInWords(found, week)}\n`);
  if (found.beside) process.stdout.write(`\n${besideBrought(found, found.beside)}\n`);
  if (isPublished) process.stdout.write(`\n${besideOulad(found)}\n`);
}

async function list(tools: CommandTools, flags: ListFlags): Promise<void> {
  const wanted = {
    week: flags.week === undefined ? undefined : wholeNumber('--week', flags.week, { min: 1 }),
    limit: wholeNumber('--limit', flags.limit, { min: 1 }),
    term: flags.term,
    firstSemester: flags.firstSemester ?? false,
    adviser: flags.adviser,
    perAdviser:
      flags.perAdviser === undefined ? undefined : wholeNumber('--per-adviser', flags.perAdviser, { min: 1 }),
    notContacted:
      flags.notContacted === undefined
        ? undefined
        : wholeNumber('--not-contacted', flags.notContacted, { min: 1 }),
  };
  const { rows, notices } = await tools.withLake(flags, async (lake) => {
    const { tables } = await publicationOf(lake);
    const rows = await readList(lake, tables, wanted);
    const students = rows.map(({ student }) => student);
    const named = wanted.adviser === undefined ? [] : [wanted.adviser];
    await recordShown(lake, students, { isScored: true, named });
    return { rows, notices: await readNotices(lake, tables) };
  });
  if (flags.json) tools.printJson({ notices, students: rows });
  else process.stdout.write(`${listInWords(rows, notices, widthOf(process.stdout))}\n`);
}

async function hold(tools: CommandTools, course: string | undefined, flags: HoldFlags): Promise<void> {
  if (course === undefined) {
    const decisions = await tools.withLake(flags, (lake) => readDecisions(lake.platform.objects));
    if (flags.json) return tools.printJson(decisions);
    process.stdout.write(`${decisionsInWords(decisions)}\n`);
    return;
  }
  await decideOn(tools, course, 'hold', flags);
  if (!flags.json)
    process.stdout.write(`${course} is on hold: the next \`lake run\` gives its students no risk.\n`);
}

async function release(tools: CommandTools, course: string, flags: HoldFlags): Promise<void> {
  if (flags.anyway) {
    await decideOn(tools, course, 'score', flags);
    if (!flags.json)
      process.stdout.write(`${course} is scored from the next \`lake run\` on, whatever the check says.\n`);
    return;
  }
  const was = await tools.withLake(flags, (lake) => forgetDecision(lake.platform.objects, course));
  if (flags.json) return tools.printJson({ course, released: was });
  process.stdout.write(
    was
      ? `${course} is left to the weekly check again, from the next \`lake run\` on.\n`
      : `Nothing was decided about ${course}; where the weekly check holds it, --anyway scores it.\n`,
  );
}

async function decideOn(
  tools: CommandTools,
  course: string,
  decision: CourseDecision['decision'],
  flags: HoldFlags,
): Promise<void> {
  const { because } = flags;
  if (because === undefined || because.trim() === '') {
    throw new InputError('Say why with --because: it is shown with the course.', {
      hint: `lake early-warning hold ${course} --because "…"`,
    });
  }
  const decided = await tools.withLake(flags, async (lake) => {
    const at = new Date(lake.platform.clock.now()).toISOString();
    const own: CourseDecision = { course, decision, because: because.trim(), at };
    await decide(lake.platform.objects, own);
    return own;
  });
  if (flags.json) tools.printJson(decided);
}

async function withdraw(tools: CommandTools, flags: CommandFlags): Promise<void> {
  const was = await tools.withLake(flags, async (lake) => {
    const at = new Date(lake.platform.clock.now()).toISOString();
    const was = await withdrawModel(lake.platform.objects, {
      at,
      by: lake.session.principal,
      because: 'withdrawn',
    });
    await keepDecisions(lake);
    return was;
  });
  if (flags.json) return tools.printJson({ withdrawn: was });
  process.stdout.write(
    was
      ? 'Withdrawn. The next `lake run` publishes no scores; the model cards are kept.\n'
      : 'No model was in use.\n',
  );
}

function weekOf({ week, day }: ReportFlags): number | undefined {
  if (week !== undefined && day !== undefined) throw new InputError('Give --week or --day, not both.');
  if (week !== undefined) return wholeNumber('--week', week, { min: 1 });
  if (day === undefined) return undefined;
  const days = wholeNumber('--day', day, { min: 1 });
  if (days % 7 !== 0) {
    throw new InputError(`Early warning looks at the ends of weeks; day ${days} is none.`, {
      hint: `day ${Math.max(7, 7 * Math.round(days / 7))} is`,
    });
  }
  return days / 7;
}
