import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { eraseSubject } from '../../src/app/subject/erase-subject.ts';
import {
  holdSubject,
  type Register,
  readmitSubject,
  readRegister,
  releaseHold,
  verifyRegister,
} from '../../src/app/subject/hold-subject.ts';
import { type ErasurePlan, planErasure } from '../../src/app/subject/plan-erasure.ts';
import { reportHtml, reportSubject } from '../../src/app/subject/report-subject.ts';
import { certificateKey, htmlKey } from '../../src/erasure/certificate.ts';
import { openEvents } from '../../src/pipeline/event-bus.ts';
import type { Lake } from '../../src/ports/step.ts';
import { stopSignal } from '../stop-signal.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

interface SubjectFlags extends CommonFlags, TargetFlags {}

interface StudentFlags extends SubjectFlags {
  readonly student: string;
}

interface ReportFlags extends StudentFlags {
  readonly html?: string;
}

interface EraseFlags extends StudentFlags {
  readonly request: string;
  readonly confirm?: boolean;
}

interface HoldFlags extends SubjectFlags {
  readonly hold: string;
}

export function defineSubject(command: Command): void {
  command.addHelpText(
    'after',
    `
Requests of one person: to see what the lake holds of them, and to be erased from it. The lake finds a person by every
number that it can link: numbers of the student information system, and Canvas users that were merged, both ways.
docs/subject-requests.md describes what is erased where, what stays and why.

Examples:
  $ lake subject report --student S1000014 --html report.html
  $ lake subject report --student S1000014 --target aws --json
  $ lake subject erase --student S1000014 --request 2026-031
  $ lake subject erase --student S1000014 --request 2026-031 --confirm
  $ lake subject erase --student S1000014 --request 2026-031 --target aws
  $ lake subject hold --student S1000014 --hold appeal-7 --reason "grade appeal is open"`,
  );
  studentOption(
    subjectOptions(
      command.command('report').description('gather everything that the lake holds of one person'),
    ),
  )
    .option('--html <file>', 'write a page with the words of the dictionary beside each column')
    .action((flags: ReportFlags) => runCommand(() => report(flags), flags));
  studentOption(
    subjectOptions(command.command('erase').description('erase one person from every zone, and certify it')),
  )
    .requiredOption(
      '--request <id>',
      "the request's name in the college's books; it must not name the person",
    )
    .option('--confirm', 'do it. Default: show what would be done')
    .addHelpText(
      'after',
      `
Without --confirm nothing is changed. With it, the person's numbers go onto the suppression list, raw files and tables
are written without the person, models are built and published again, older versions are removed, and every file that
is left is decoded and searched before a certificate is issued. What a catalog's \`retention\` says to keep is kept.
After a kill, repeat the command: it does the rest.

Exit codes: 0 shown or certified, 1 something is left, 2 a hold stands, or nothing is about such a person.`,
    )
    .action((flags: EraseFlags) => runCommand(() => erase(flags), flags));
  holdOption(
    studentOption(subjectOptions(command.command('hold').description('keep a person from being erased'))),
  )
    .requiredOption('--reason <text>', 'why, in words that name nobody')
    .action((flags: HoldFlags & StudentFlags & { reason: string }) =>
      runCommand(
        () => print(flags, async (lake) => ({ hold: (await holdSubject(lake, flags)).hold })),
        flags,
      ),
    );
  holdOption(subjectOptions(command.command('release').description('take a hold away'))).action(
    (flags: HoldFlags) =>
      runCommand(
        () => print(flags, (lake) => releaseHold(lake, flags.hold).then(() => ({ released: flags.hold }))),
        flags,
      ),
  );
  subjectOptions(
    command.command('readmit').description('let an erased person come back, as one who has enrolled again'),
  )
    .requiredOption('--request <id>', 'the request by which the person was erased')
    .action((flags: SubjectFlags & { request: string }) =>
      runCommand(
        () =>
          print(flags, (lake) =>
            readmitSubject(lake, flags.request).then(() => ({ readmitted: flags.request })),
          ),
        flags,
      ),
    );
  subjectOptions(command.command('list').description('list requests, certificates and holds')).action(
    (flags: SubjectFlags) => runCommand(() => list(flags), flags),
  );
  subjectOptions(command.command('verify').description('recompute the chain of certificates')).action(
    (flags: SubjectFlags) => runCommand(() => verify(flags), flags),
  );
}

const subjectOptions = (command: Command): Command => addTargetOption(addCommonOptions(command));

const studentOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--student <id>',
      'a number of the student information system, or canvas: and the number of a user',
    ).makeOptionMandatory(),
  );

const holdOption = (command: Command): Command =>
  command.requiredOption(
    '--hold <id>',
    "the hold's name in the college's books; it must not name the person",
  );

async function report(flags: ReportFlags): Promise<void> {
  const { target, student, html } = flags;
  const found = await withLakeAt(flags.campus, { target }, (lake) => reportSubject(lake, student, html));
  if (flags.html !== undefined) await writeFile(flags.html, reportHtml(found), { mode: 0o600 });
  if (flags.json) return printJson(found);
  const lines = found.tables.map(({ zone, table, rows }) => `${zone.padEnd(8)} ${table}: ${rows.length}`);
  if (!found.raw) lines.push('The raw files were not searched.');
  process.stdout.write(`${lines.join('\n')}\n`);
  const hint =
    flags.html === undefined ? 'Next: --html <file> or --json has the rows.' : `Written: ${flags.html}`;
  process.stdout.write(`${hint}\n`);
}

async function erase(flags: EraseFlags): Promise<void> {
  if (!flags.confirm) {
    const plan = await withLakeAt(flags.campus, { target: flags.target }, (lake) => planErasure(lake, flags));
    if (flags.json) return printJson(plan);
    process.stdout.write(planText(plan));
    return;
  }
  const events = openEvents();
  const certificate = await withLakeAt(
    flags.campus,
    { target: flags.target, events, signal: stopSignal() },
    (lake) => eraseSubject(lake, flags, events),
  );
  if (flags.json) return printJson(certificate);
  const { sequence, verified, hash } = certificate;
  process.stdout.write(
    `Erased: ${verified.length} places were searched, nothing is left but what the certificate lists.
Certificate ${sequence}: ${certificateKey(sequence)} and ${htmlKey(sequence)} in the register ${flags.target === 'aws' ? 'among the records (erasures/)' : 'beside the lake'}
SHA-256 ${hash}\n`,
  );
}

function planText({ found, holds, numbers }: ErasurePlan): string {
  const lines = found.map(
    ({ zone, table, rows, outcome, reason }) =>
      `${outcome.padEnd(8)}${zone.padEnd(8)}${table}: ${rows} (${reason})`,
  );
  const held = holds.map(({ hold, reason }) => `held: ${hold} (${reason})`);
  const next =
    holds.length > 0 ? 'Nothing may be erased while a hold stands.' : 'Next: the same with --confirm.';
  return `${[`The person is known by ${numbers} numbers and keys.`, ...lines, ...held, next].join('\n')}\n`;
}

async function print(flags: SubjectFlags, work: (lake: Lake) => Promise<object>): Promise<void> {
  const done = await withLakeAt(flags.campus, { target: flags.target }, work);
  if (flags.json) return printJson(done);
  for (const [what, value] of Object.entries(done)) process.stdout.write(`${what}: ${value}\n`);
}

async function list(flags: SubjectFlags): Promise<void> {
  const register = await withLakeAt(flags.campus, { target: flags.target }, readRegister);
  if (flags.json) return printJson(register);
  process.stdout.write(registerText(register));
}

function registerText({ requests, holds }: Register): string {
  const lines = [
    ...requests.map(({ request, confirmedAt, confirmedBy, certificate, suppressed }) => {
      const state = certificate === undefined ? 'not complete' : `certificate ${certificate}`;
      const out = suppressed === 0 ? 'may come back' : `kept out by ${suppressed} digests`;
      return `request ${request}: ${state}, confirmed ${confirmedAt} by ${confirmedBy}, ${out}`;
    }),
    ...holds.map(({ hold, at, by, reason }) => `hold ${hold}: ${reason} (${by}, ${at})`),
  ];
  return lines.length > 0 ? `${lines.join('\n')}\n` : 'No requests and no holds.\n';
}

async function verify(flags: SubjectFlags): Promise<void> {
  const { certificates } = await withLakeAt(flags.campus, { target: flags.target }, verifyRegister);
  if (flags.json)
    return printJson({ certificates: certificates.length, head: certificates.at(-1)?.hash ?? null });
  process.stdout.write(`${certificates.length} certificates, each as it was issued.\n`);
}
