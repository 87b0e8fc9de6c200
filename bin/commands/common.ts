import { type Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import type { LoadedCampus } from '../../src/campus/load.ts';
import { type Colours, colours } from '../../src/colours.ts';
import { DEBUG_LOG, debugLog } from '../../src/debug-log.ts';
import { InputError, LakeError } from '../../src/errors.ts';
import { failureOf, ownErrors } from '../../src/failure.ts';
import type { Lake } from '../../src/ports/step.ts';
import { systemError } from '../../src/system-error.ts';
import { missingPackage } from '../missing-package.ts';
import type { Target } from '../with-lake.ts';

/** Exit codes of every command: done; the world failed (a source, a check, a step); the input must be corrected. */
export const EXIT = { done: 0, failed: 1, input: 2 } as const;

/** What `addCommonOptions` gives every command that works on a campus. */
export interface CommonFlags {
  readonly campus: string;
  readonly json?: boolean;
}

export function addCommonOptions(command: Command): Command {
  return addCampusOption(command).option('--json', 'answer in JSON, for scripts');
}

export function addCampusOption(command: Command): Command {
  return command
    .addOption(
      new Option('--campus <file>', 'the campus file, or its folder')
        .default('campus.yaml')
        .env('LAKE_CAMPUS'),
    )
    .option(
      '--environment <name>',
      'one of the environments that campus.yaml describes (env: LAKE_ENVIRONMENT)',
    )
    .on('option:environment', (name: string) => {
      // Whatever loads the campus file reads it from here.
      process.env.LAKE_ENVIRONMENT = name;
    })
    .option('--debug-log <file>', `keep errors as they were thrown; may hold data (env: ${DEBUG_LOG})`)
    .on('option:debug-log', (file: string) => {
      process.env[DEBUG_LOG] = file;
    });
}

/** What `addTargetOption` gives commands that work in either target. */
export interface TargetFlags {
  readonly target: Target;
}

export function addTargetOption(command: Command): Command {
  return command.addOption(
    new Option('--target <target>', 'where the lake lives: on this machine, or deployed on AWS')
      .choices(['local', 'aws'] satisfies Target[])
      .default('local')
      .env('LAKE_TARGET'),
  );
}

/** What `addRoleOptions` gives commands that read rows. */
export interface RoleFlags {
  readonly role?: string;
  readonly as?: string;
  readonly attribute: Readonly<Record<string, string>>;
  readonly purpose?: string;
  readonly breakGlass?: string;
}

export function addRoleOptions(command: Command): Command {
  return command
    .option('--role <role>', 'read as a role of access.yaml: its tables, rows and columns, and no others')
    .option('--as <person>', "with --role: who asks; also the role's attribute person")
    .addOption(
      new Option('--attribute <name=value>', 'with --role: what else its rules compare with')
        .argParser(attributeOf)
        .default({}, 'none'),
    )
    .option(
      '--purpose <purpose>',
      "with --role: what the rows are used for (default: the role's only purpose)",
    )
    .option(
      '--break-glass <reason>',
      'with --role, in an emergency: read by the breakGlass role of access.yaml; a steward reviews it',
    );
}

/** What `addReadOptions` gives: a role reads rows of a campus, in either target. */
export type ReadFlags = CommonFlags & TargetFlags & RoleFlags;

export const addReadOptions = (command: Command): Command =>
  addRoleOptions(addTargetOption(addCommonOptions(command)));

/** Reads `name=value` of an option that can be given several times. */
export function attributeOf(written: string, before: RoleFlags['attribute']): RoleFlags['attribute'] {
  const at = written.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write name=value.');
  return { ...before, [written.slice(0, at)]: written.slice(at + 1) };
}

/**
 * The lake as the flags say that it is read.
 * @throws InputError where they name a role that there is not, or speak of one without naming it
 */
export async function asRole(
  lake: Lake,
  { role, as: principal, attribute, purpose, breakGlass }: RoleFlags,
): Promise<Lake> {
  if (role === undefined) {
    const given = principal ?? purpose ?? breakGlass ?? Object.keys(attribute)[0];
    if (given === undefined) return lake;
    throw new InputError(
      '--as, --attribute, --purpose and --break-glass say more of a role, and there is no --role.',
      {
        hint: 'Add --role and its name; `lake access explain --role <role>` shows what it sees.',
      },
    );
  }
  const { readAs } = await import('../../src/app/access/open-access.ts');
  return readAs(lake, { role, principal, attributes: attribute, purpose, breakGlass });
}

/** Opens the campus that the flags name. */
export async function openCampus(flags: CommonFlags): Promise<LoadedCampus> {
  // Not every command works on a campus, and what reads one takes a while to load.
  const { loadCampus } = await import('../load-campus.ts');
  return loadCampus(flags.campus);
}

/**
 * Runs the work of a command: an error is printed to standard error (message, hint) and becomes the exit code; a
 * number that the work returns is the exit code. Never rejects.
 */
export async function runCommand(
  work: () => Promise<number> | Promise<void>,
  flags: { readonly json?: boolean } = {},
): Promise<void> {
  endQuietlyWithTheReader();
  try {
    process.exitCode = (await work()) ?? EXIT.done;
  } catch (thrown) {
    const error = missingPackage(thrown) ?? thrown;
    debugLog('a command', error);
    process.stderr.write(`${errorReport(error, flags)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

/** An error as a command ends with it: lines for a person, one JSON object for a program. */
export const errorReport = (error: unknown, flags: { readonly json?: boolean }): string =>
  flags.json ? errorJson(error) : errorText(error, colours(process.stderr));

/** A wrong option or argument ends with 2, as any other wrong input. Call it before commands are added. */
export function exitWithTwoOnUsage(program: Command): Command {
  return program.exitOverride((error: CommanderError) => {
    process.exit(error.exitCode === 0 ? EXIT.done : EXIT.input);
  });
}

export function exitCodeOf(error: unknown): number {
  return inOwnWords(error)?.exitCode ?? EXIT.failed;
}

/**
 * The error as a person reads it: the lake's own words, and those for what the operating system refused. What is
 * neither is a defect of the program; its own words can hold data, so they go to the debug log alone.
 */
export function errorText(error: unknown, paint: Colours): string {
  const own = inOwnWords(error);
  if (own === undefined) {
    const { message, hint } = failureOf(error);
    return `${paint.red('error:')} ${message}\n${paint.cyan('next:')} ${hint}`;
  }
  const lines = [`${paint.red('error:')} ${own.message}`];
  for (const cause of ownErrors(own).slice(1)) lines.push(`  because: ${cause.message}`);
  const hint = hintOf(own);
  if (hint !== undefined) lines.push(`${paint.cyan('next:')} ${hint}`);
  return lines.join('\n');
}

function errorJson(error: unknown): string {
  const own = inOwnWords(error);
  const failure = failureOf(error);
  const { class: name, code, source, retryable, file, line, column } = failure;
  const message = own?.message ?? failure.message;
  const hint = own ? hintOf(own) : failure.hint;
  const problems = own && 'problems' in own ? own.problems : undefined;
  return JSON.stringify({
    error: {
      name,
      code,
      message,
      about: own?.about,
      ...(source ? { source } : {}),
      retryable,
      hint,
      file,
      line,
      column,
      problems,
    },
  });
}

const inOwnWords = (error: unknown): LakeError | undefined =>
  error instanceof LakeError ? error : systemError(error);

const hintOf = (error: LakeError): string | undefined =>
  ownErrors(error)
    .map(({ hint }) => hint)
    .find((hint) => hint !== undefined);

/** Prints one JSON document; bigint as text, since JSON numbers would round it. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v), 2);
  process.stdout.write(`${text}\n`);
}

let watching = false;
/** `lake tables | head`: when the reader of the output leaves, there is nothing more to do. */
function endQuietlyWithTheReader(): void {
  if (watching) return;
  watching = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
}
