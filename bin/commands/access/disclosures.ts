import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import {
  DISCLOSURE_KINDS,
  type Disclosure,
  disclosures,
  type KeptDisclosure,
  recordDisclosure,
} from '../../../src/access/log/disclosures.ts';
import { colours } from '../../../src/colours.ts';
import { InputError } from '../../../src/errors.ts';
import { withLakeAt } from '../../with-lake.ts';
import { addCommonOptions, type CommonFlags, printJson, runCommand } from '../common.ts';

interface DiscloseFlags extends CommonFlags {
  readonly to: string;
  readonly interest: string;
  readonly basis: string;
  readonly records: string;
  readonly student?: readonly string[];
  readonly studentsFrom?: string;
  readonly kind: Disclosure['kind'];
  readonly destination?: string;
  readonly notice?: boolean;
}

/** `lake access disclose` and `lake access disclosures`. */
export function defineDisclosures(command: Command): void {
  addCommonOptions(command.command('disclose'))
    .description('put on record that records of students went to, or were asked for by, a party outside')
    .requiredOption('--to <party>', 'who received them, or asked for them')
    .requiredOption('--interest <text>', 'the legitimate interest of the party; in an emergency, the threat')
    .requiredOption('--basis <text>', 'why no consent was needed, such as "99.31(a)(6)"; or consent')
    .requiredOption('--records <text>', 'which records')
    .option('--student <id...>', 'the students')
    .option('--students-from <file>', 'a file with the id of a student in each line')
    .addOption(
      new Option('--kind <kind>', 'a request counts also where it is refused; onward: passed on by a party')
        .choices(DISCLOSURE_KINDS)
        .default('disclosure'),
    )
    .option('--destination <file>', 'the file or folder that was handed over')
    .option('--notice', 'the party was told that it may not pass them on (34 CFR 99.33)')
    .addHelpText(
      'after',
      `
Needed by 34 CFR 99.32 for disclosures without consent to others than the student, officials of the college and parties
to whom directory information goes. The ledger holds keyed digests of the students, and no erasure removes it.

Example:
  $ lake access disclose --to "State Longitudinal Data Center" --interest "study of completion" \\
      --basis "99.31(a)(6)" --records "enrolment and grades of 2025" --students-from cohort.txt --notice`,
    )
    .action((flags: DiscloseFlags) => runCommand(() => disclose(flags), flags));
  addCommonOptions(command.command('disclosures'))
    .description('to whom records went, for the student who asks')
    .option('--student <id...>', 'only disclosures of the records of this person; all ids of the person')
    .addHelpText('after', '\nExample:\n  $ lake access disclosures --student 10003')
    .action((flags: CommonFlags & { student?: string[] }) => runCommand(() => show(flags), flags));
}

async function disclose(flags: DiscloseFlags): Promise<void> {
  const { to: party, interest, basis, records, kind, destination, notice } = flags;
  const students = [...(flags.student ?? []), ...(await studentsIn(flags.studentsFrom))];
  const given = { party, interest, basis, records, kind, destination, notice: notice === true, students };
  const disclosure = await withLakeAt(flags.campus, {}, (lake) => recordDisclosure(lake, given));
  if (flags.json) printJson({ disclosure });
  else process.stdout.write(`On record as ${disclosure}.\n`);
}

async function studentsIn(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(`The file ${file} cannot be read: ${cause.code ?? 'unknown cause'}.`, { cause });
  });
  return text.split(/\r?\n/);
}

async function show(flags: CommonFlags & { readonly student?: readonly string[] }): Promise<void> {
  const found = await withLakeAt(flags.campus, {}, (lake) => disclosures(lake, flags.student));
  if (flags.json) return printJson(found);
  process.stdout.write(
    found.length === 0 ? 'No disclosure is on record.\n' : `${found.flatMap(linesOf).join('\n')}\n`,
  );
}

function linesOf({ at, kind, party, interest, basis, records, people, notice }: KeptDisclosure): string[] {
  const { bold, dim } = colours();
  return [
    `${at.slice(0, 16).replace('T', ' ')}  ${bold(party)}  ${kind}: ${records}, ${people} students`,
    dim(
      `  ${interest}; ${basis}; ${notice ? 'told not to pass them on' : 'not told that they may not be passed on'}`,
    ),
  ];
}
