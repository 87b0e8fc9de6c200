import { type Command, Option } from 'commander';
import { didYouMean } from '../../campus/nearest.ts';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import type { OptionalWork } from '../../ports/optional-work.ts';
import {
  type Approval,
  exceptionId,
  holdsAt,
  keepApproval,
  keepSilence,
  readApprovals,
  readSilences,
  type Silence,
} from '../exceptions.ts';
import { openObjectives } from '../open-objectives.ts';
import { chosen, endOf } from './chosen.ts';

interface ExceptionFlags extends CommandFlags {
  readonly until?: string;
  readonly reason?: string;
  readonly end?: string;
}

const WORK: readonly OptionalWork[] = ['reload', 'drift', 'maintenance', 'deploy'];

/** `lake slo silence`, `approve` and `gate`: what people allow for a while, recorded with their names. */
export function defineExceptions(command: Command, tools: CommandTools): void {
  const define = (name: string, what: string) =>
    tools
      .addTargetOption(tools.addOptions(command.command(name)))
      .option('--until <time>', 'when it ends: 4h, 2d, or ISO 8601 with a zone; at most 31 days from now')
      .option('--reason <text>', 'why, for those who read it later')
      .option('--end <id>', `end a ${what} now; its id is in the list`);

  define('silence', 'silence')
    .argument('[objective]', 'whose alerts are silenced. Default: the list of silences')
    .argument('[alert]', 'only this alert of it')
    .description('silence alerts for a while, or list what is silenced')
    .addHelpText(
      'after',
      `
A silenced alert is computed and shown as before, in the state "silenced"; nobody is notified of it, and it does not
change the exit code of \`lake slo report\`. What is wrong still burns the budget: time that must not count is written
under maintenance in slo.yaml. ops.alert_silences keeps who silenced what and why.

Examples:
  $ lake slo silence submissions-fresh --until 4h --reason "the SIS is being moved"
  $ lake slo silence submissions-fresh page-1h --until 2026-12-01T07:00-06:00 --reason "known, ticket 4711"
  $ lake slo silence`,
    )
    .action((name: string | undefined, alert: string | undefined, flags: ExceptionFlags) =>
      tools.run(() => silence(tools, name, alert, flags), flags),
    );

  define('approve', 'approval')
    .argument('[work]', `one of ${WORK.join(', ')}. Default: the list of approvals`)
    .description('allow work that the policy in slo.yaml holds, or list what is allowed')
    .addHelpText(
      'after',
      `
An approval ends by itself. ops.budget_approvals keeps who approved what, why and until when.

Examples:
  $ lake slo approve deploy --until 2h --reason "the fix for the late submissions"
  $ lake slo approve`,
    )
    .action((work: string | undefined, flags: ExceptionFlags) =>
      tools.run(() => approve(tools, work, flags), flags),
    );

  tools
    .addTargetOption(tools.addOptions(command.command('gate')))
    .addOption(new Option('--work <work>', 'what is about to be done').choices([...WORK]).default('deploy'))
    .description('whether the policy in slo.yaml lets a deployment go ahead, for CI')
    .addHelpText(
      'after',
      `
Exit code 0: nothing holds it, or somebody has approved it; 1: the error budget of an objective is spent.

Example:
  $ lake slo gate && npx cdk deploy --all`,
    )
    .action((flags: CommandFlags & { work: OptionalWork }) => tools.run(() => gate(tools, flags), flags));
}

async function silence(
  tools: CommandTools,
  name: string | undefined,
  alert: string | undefined,
  flags: ExceptionFlags,
): Promise<void> {
  const found = await tools.withLake(flags, async (lake) => {
    const { ledger, clock } = lake.platform;
    const now = clock.now();
    if (flags.end !== undefined)
      await keepSilence(ledger, ended(await readSilences(ledger), flags.end, 'silence', now));
    else if (name !== undefined) {
      const [objective] = chosen(await openObjectives(lake), [name]);
      const alerts = objective!.alerts.map((one) => one.name);
      if (alert !== undefined && !alerts.includes(alert))
        throw new InputError(`${name} has no alert "${alert}"${didYouMean(alert, alerts)}.`, {
          hint: alerts.length === 0 ? 'it has no alerts' : `it has ${alerts.join(', ')}`,
        });
      const about = alert === undefined ? name : `${name}-${alert}`;
      await keepSilence(ledger, {
        ...asked(flags, lake.session.principal, now, about),
        objective: name,
        ...(alert === undefined ? {} : { alert }),
      });
    }
    return (await readSilences(ledger)).filter((one) => holdsAt(one, now));
  });
  if (flags.json) return tools.printJson(found.map(asJson));
  print(
    found.map(
      (one) => `${one.objective}${one.alert === undefined ? '' : ` ${one.alert}`} is silenced ${terms(one)}`,
    ),
    'Nothing is silenced.',
  );
}

async function approve(tools: CommandTools, work: string | undefined, flags: ExceptionFlags): Promise<void> {
  const found = await tools.withLake(flags, async ({ platform: { ledger, clock }, session }) => {
    const now = clock.now();
    if (flags.end !== undefined)
      await keepApproval(ledger, ended(await readApprovals(ledger), flags.end, 'approval', now));
    else if (work !== undefined) {
      if (!isWork(work))
        throw new InputError(`There is no work "${work}"${didYouMean(work, [...WORK])}.`, {
          hint: `${WORK.join(', ')} can be approved`,
        });
      await keepApproval(ledger, { ...asked(flags, session.principal, now, work), work });
    }
    return (await readApprovals(ledger)).filter((one) => holdsAt(one, now));
  });
  if (flags.json) return tools.printJson(found.map(asJson));
  print(
    found.map((one) => `${one.work} is approved ${terms(one)}`),
    'Nothing is approved.',
  );
}

async function gate(tools: CommandTools, flags: CommandFlags & { work: OptionalWork }): Promise<number> {
  const hold = await tools.withLake(flags, async ({ held }) => held?.({ work: flags.work }));
  if (flags.json) tools.printJson(hold ? { held: true, ...hold } : { held: false });
  else if (hold) process.stdout.write(`Held: ${hold.because}.\n  → ${hold.hint}\n`);
  else process.stdout.write('Nothing holds it.\n');
  return hold ? 1 : 0;
}

const isWork = (text: string): text is OptionalWork => (WORK as readonly string[]).includes(text);

/** @throws InputError where it does not say until when and why */
function asked({ until, reason }: ExceptionFlags, by: string, now: number, about: string) {
  if (until === undefined || !reason?.trim())
    throw new InputError('--until and --reason are missing.', {
      hint: 'say when it ends and why, such as --until 4h --reason "the SIS is being moved"',
    });
  return { id: exceptionId(now, about), from: now, until: endOf(until, now), reason: reason.trim(), by };
}

/** @throws InputError where there is no such one */
function ended<T extends Silence | Approval>(all: readonly T[], id: string, what: string, now: number): T {
  const found = all.find((one) => one.id === id && holdsAt(one, now));
  if (!found)
    throw new InputError(`There is no ${what} ${id} to end.`, { hint: 'the list shows those that hold' });
  return { ...found, until: now };
}

const asJson = ({ from, until, ...rest }: Silence | Approval) => ({
  ...rest,
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
});

const terms = ({ id, until, by, reason }: Silence | Approval): string =>
  `until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC by ${by}: ${reason}  [${id}]`;

const print = (lines: readonly string[], none: string): void =>
  void process.stdout.write(`${lines.length === 0 ? none : lines.join('\n')}\n`);
