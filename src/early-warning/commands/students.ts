import { type Command, Option } from 'commander';
import { InputError } from '../../errors.ts';
import { publicationOf } from '../../pipeline/published.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import type { Lake } from '../../ports/step.ts';
import { requireCourse, requireStudent } from '../students/find-student.ts';
import {
  CONTACT_DAYS,
  expireContacts,
  FACTS,
  type Fact,
  forgetStudent,
  readStudent,
  readStudents,
  type StudentRecord,
  WAYS,
  type Way,
  writeStudent,
} from '../students/records.ts';
import { recordShown } from './shown.ts';
import { contactsInWords, correctionsInWords, optOutsInWords, type ShownStudents } from './student-lists.ts';

interface OptOutFlags extends CommandFlags {
  readonly end?: boolean;
}

interface CorrectFlags extends CommandFlags {
  readonly course?: string;
  readonly facts?: string;
  readonly done?: boolean;
}

interface ContactFlags extends CommandFlags {
  readonly how?: Way;
  readonly reached?: boolean;
  readonly notReached?: boolean;
  readonly on?: string;
  readonly course?: string;
  readonly by?: string;
}

/** What students may ask for, and what advisers have done: each takes the registrar's number, as the list shows it. */
export function defineStudents(command: Command, tools: CommandTools): void {
  tools
    .addOptions(command.command('opt-out [student]'))
    .description('leave a student out of the list at once, and of the tables from the next run on')
    .option('--end', 'take the student in again')
    .addHelpText(
      'after',
      '\nWithout a student: who opted out, and since when. Past outcomes still count in the training and in the medians of\na class, which name nobody; campus.first_semester_attention is another list.\n\nExamples:\n  $ lake early-warning opt-out S1000012\n  $ lake early-warning opt-out S1000012 --end',
    )
    .action((student: string | undefined, flags: OptOutFlags) =>
      tools.run(() => optOut(tools, student, flags), flags),
    );

  tools
    .addOptions(command.command('correct [student]'))
    .description("a student says that a course's facts are wrong: no risk there until it is settled")
    .option('--course <code>', 'the short name of the course')
    .option('--facts <list>', `what is wrong, one or more of ${FACTS.join(', ')}`)
    .option('--done', 'it is settled: the next run scores the course again')
    .addHelpText(
      'after',
      '\nThe fact itself is corrected in Canvas or at the registrar, and the next run loads it. Without a student: what waits.\n\nExamples:\n  $ lake early-warning correct S1000012 --course BIO101 --facts work,lateness\n  $ lake early-warning correct S1000012 --course BIO101 --done',
    )
    .action((student: string | undefined, flags: CorrectFlags) =>
      tools.run(() => correct(tools, student, flags), flags),
    );

  tools
    .addOptions(command.command('contact [student]'))
    .description('record that somebody tried to reach a student; the list and the scores show it')
    .addOption(new Option('--how <way>', 'how').choices(WAYS))
    .option('--reached', 'the student was reached')
    .option('--not-reached', 'the student was not reached')
    .option('--on <date>', 'the day, such as 2026-10-05 (default: today)')
    .option('--course <code>', 'the course that it was about')
    .option('--by <number>', "the adviser's number")
    .addHelpText(
      'after',
      `\nWithout a student: the log, kept for ${CONTACT_DAYS} days. \`lake early-warning list --not-contacted 14\` leaves out who was\ncontacted in the last 14 days.\n\nExamples:\n  $ lake early-warning contact S1000012 --how call --reached --by A12\n  $ lake early-warning contact --json`,
    )
    .action((student: string | undefined, flags: ContactFlags) =>
      tools.run(() => contact(tools, student, flags), flags),
    );

  tools
    .addOptions(command.command('forget <student>'))
    .description('remove the opt-out, corrections and contacts that are kept about a student')
    .addHelpText('after', '\nExample:\n  $ lake early-warning forget S1000012')
    .action((student: string, flags: CommandFlags) => tools.run(() => forget(tools, student, flags), flags));
}

async function optOut(tools: CommandTools, student: string | undefined, flags: OptOutFlags): Promise<void> {
  if (student === undefined) return show(tools, flags, optOutsInWords);
  const { end = false } = flags;
  const was = await changing(tools, flags, student, { known: !end }, (record, { at }) => {
    const { optedOut, ...rest } = record;
    return end ? rest : { ...rest, optedOut: optedOut ?? at };
  });
  const changed = (was.optedOut !== undefined) === end;
  answer(tools, flags, { optedOut: !end, changed }, outcomeOf(end, changed));
}

function outcomeOf(end: boolean, changed: boolean): string {
  if (end)
    return changed
      ? 'The opt-out has ended: the next `lake run` scores the student again.'
      : 'Nobody of this number had opted out.';
  return changed
    ? 'Opted out: `lake early-warning list` leaves the student out at once, the tables from the next `lake run` on.'
    : 'This student had opted out already.';
}

async function correct(tools: CommandTools, student: string | undefined, flags: CorrectFlags): Promise<void> {
  if (student === undefined) return show(tools, flags, correctionsInWords);
  const { course, done = false } = flags;
  if (course === undefined) {
    throw new InputError('Name the course whose row is wrong with --course.', {
      hint: 'its short name, as the list shows it',
    });
  }
  const facts = done ? [] : factsOf(flags.facts);
  const was = await changing(tools, flags, student, { known: !done, course }, (record, { at }) => {
    const others = record.corrections.filter((one) => one.course !== course);
    return { ...record, corrections: done ? others : [...others, { course, facts, at }] };
  });
  const waited = was.corrections.some((one) => one.course === course);
  const text = done
    ? waited
      ? `Settled: the next \`lake run\` scores ${course} again.`
      : `Nothing of ${course} waited for this student.`
    : `Recorded: the list leaves the student's row of ${course} out at once, and the next \`lake run\` gives no risk there. Correct the fact in Canvas or at the registrar, then --done.`;
  answer(tools, flags, { course, facts, done, changed: !done || waited }, text);
}

function factsOf(text: string | undefined): Fact[] {
  const given = (text ?? '').split(',').map((one) => one.trim());
  const facts = FACTS.filter((fact) => given.includes(fact));
  if (text !== undefined && given.every((one) => facts.some((fact) => fact === one))) return facts;
  throw new InputError(`--facts takes one or more of ${FACTS.join(', ')}.`, {
    hint: 'such as --facts work,lateness; what exactly is wrong is said in Canvas or at the registrar',
  });
}

async function contact(tools: CommandTools, student: string | undefined, flags: ContactFlags): Promise<void> {
  if (student === undefined) return show(tools, flags, contactsInWords);
  const { how, reached = false, notReached = false, course, by } = flags;
  if (how === undefined) {
    throw new InputError('Say how with --how.', { hint: `one of ${WAYS.join(', ')}` });
  }
  if (reached === notReached) {
    throw new InputError('Say whether the student was reached: --reached or --not-reached.');
  }
  await changing(tools, flags, student, { known: true, course }, (record, { at, today }) => {
    const on = dayOf(flags.on, today);
    const one = {
      at,
      on,
      how,
      reached,
      ...(course === undefined ? {} : { course }),
      ...(by === undefined ? {} : { by }),
    };
    return { ...record, contacts: [...record.contacts, one] };
  });
  answer(
    tools,
    flags,
    { recorded: true },
    'Recorded: the list shows it at once, campus.early_warning_scores from the next `lake run` on.',
  );
}

/** @param today ISO date @throws InputError for a day that is none, or is still to come */
function dayOf(given: string | undefined, today: string): string {
  if (given === undefined) return today;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(given) && !Number.isNaN(Date.parse(given));
  if (isDay && new Date(given).toISOString().slice(0, 10) === given && given <= today) return given;
  throw new InputError('--on takes a day up to today, such as 2026-10-05.');
}

async function forget(tools: CommandTools, student: string, flags: CommandFlags): Promise<void> {
  const was = await tools.withLake(flags, (lake) => forgetStudent(lake.platform.objects, student));
  answer(
    tools,
    flags,
    { forgotten: was },
    was
      ? 'Removed: an opt-out has ended with it, and the next `lake run` scores the student again.'
      : 'Nothing was kept about this student.',
  );
}

/** Changes what is kept about one student. @returns what was kept before */
async function changing(
  tools: CommandTools,
  flags: CommandFlags,
  student: string,
  { known, course }: { readonly known: boolean; readonly course?: string | undefined },
  change: (record: StudentRecord, now: { readonly at: string; readonly today: string }) => StudentRecord,
): Promise<StudentRecord> {
  return tools.withLake(flags, async (lake) => {
    const { clock, objects } = lake.platform;
    if (known) {
      const { tables } = await publicationOf(lake);
      await requireStudent(lake, tables, student);
      if (course !== undefined) await requireCourse(lake, tables, course);
    }
    const now = clock.now();
    const was = await readStudent(objects, student);
    await writeStudent(
      objects,
      change(was, { at: new Date(now).toISOString(), today: todayOf(lake, now) }),
      now,
    );
    await expireContacts(objects, now);
    return was;
  });
}

const todayOf = ({ campus }: Lake, now: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: campus.timeZone, dateStyle: 'short' }).format(now);

async function show(
  tools: CommandTools,
  flags: CommandFlags,
  inWords: (records: readonly StudentRecord[]) => ShownStudents,
): Promise<void> {
  const { json, text } = await tools.withLake(flags, async (lake) => {
    const { clock, objects } = lake.platform;
    const shown = inWords(await readStudents(objects, clock.now()));
    await recordShown(
      lake,
      shown.json.map(({ student }) => student),
    );
    return shown;
  });
  answer(tools, flags, json, text);
}

/** The number is not repeated: what a command answers may be kept in a log. */
function answer(tools: CommandTools, flags: CommandFlags, json: unknown, text: string): void {
  if (flags.json) tools.printJson(json);
  else process.stdout.write(`${text}\n`);
}
