import { type Command, InvalidArgumentError } from 'commander';
import {
  acknowledge,
  act,
  incidentDetails,
  listIncidents,
  resolve,
  snooze,
} from '../../app/health/incidents.ts';
import { replayIncidents } from '../../app/health/replay.ts';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { type ListenFlags, listen } from './listen.ts';
import { detailsInWords, listInWords, outcomeInWords, replayInWords } from './shown.ts';

interface ListFlags extends CommandFlags {
  readonly all?: boolean;
}

interface DeedFlags extends CommandFlags {
  readonly by?: string;
  readonly because?: string;
}

interface SnoozeFlags extends DeedFlags {
  readonly hours: number;
}

interface FixFlags extends DeedFlags {
  readonly repair?: string;
  readonly confirm?: boolean;
  readonly due?: boolean;
  readonly wait?: number;
}

const ABOUT = `
An incident is one cause, however many tables are late because of it: a database that is down and forty late tables are
one incident. It is opened by the run that first sees it, and resolved by the run that does not see it any more. What
the lake may do alone it has done by then; what it may not, it asks for.

docs/health.md explains states, rules and repairs.`;

export function defineIncidents(command: Command, tools: CommandTools): void {
  command.addHelpText('after', ABOUT);

  tools
    .addOptions(command.command('list'))
    .description('the open incidents: what is wrong, since when, whose it is')
    .option('--all', 'resolved ones too, of all time')
    .addHelpText('after', '\nExit code 1 when one is open.\n\nExample:\n  $ lake incidents list --all --json')
    .action((flags: ListFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, (lake) => listIncidents(lake, { all: flags.all }));
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${listInWords(found)}\n`);
        return found.some(({ state }) => state !== 'resolved') ? 1 : 0;
      }, flags),
    );

  tools
    .addOptions(command.command('show'))
    .argument('<id>', 'an incident, by its id or the end of it')
    .description('evidence, reasoning, alternatives, what was tried, and what can be done')
    .addHelpText('after', '\nExample:\n  $ lake incidents show lms-unreachable.canvas')
    .action((id: string, flags: CommandFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(flags, (lake) => incidentDetails(lake, id));
        if (flags.json) tools.printJson(found);
        else process.stdout.write(`${detailsInWords(found)}\n`);
      }, flags),
    );

  tools
    .addOptions(command.command('acknowledge'))
    .argument('<id>', 'an incident')
    .description('say that somebody looks after it')
    .option('--by <name>', 'who (default: the user of this session)')
    .addHelpText('after', '\nExample:\n  $ lake incidents acknowledge lms-unreachable.canvas --by "On call"')
    .action((id: string, flags: DeedFlags) =>
      tools.run(async () => {
        const incident = await tools.withLake(flags, (lake) => acknowledge(lake, id, flags.by));
        if (flags.json) tools.printJson(incident);
        else process.stdout.write(`${incident.id} is acknowledged by ${incident.acknowledged!.by}.\n`);
      }, flags),
    );

  tools
    .addOptions(command.command('resolve'))
    .argument('<id>', 'an incident')
    .description('say that it is over; a run that sees it again within a week reopens it')
    .requiredOption('--because <text>', 'what was done about it')
    .option('--by <name>', 'who (default: the user of this session)')
    .addHelpText(
      'after',
      '\nExample:\n  $ lake incidents resolve rows-doubled.sis.students --because "the registrar merged the rows"',
    )
    .action((id: string, flags: DeedFlags) =>
      tools.run(async () => {
        const incident = await tools.withLake(flags, (lake) => resolve(lake, id, flags.because!, flags.by));
        if (flags.json) tools.printJson(incident);
        else process.stdout.write(`${incident.id} is resolved by ${incident.resolved!.by}.\n`);
      }, flags),
    );

  tools
    .addOptions(command.command('snooze'))
    .argument('<id>', 'an incident')
    .description('have nobody told of it again for some hours')
    .option('--hours <n>', 'for how long, 744 at most', hours, 24)
    .option('--by <name>', 'who (default: the user of this session)')
    .addHelpText('after', '\nExample:\n  $ lake incidents snooze data-late.canvas.users --hours 48')
    .action((id: string, flags: SnoozeFlags) =>
      tools.run(async () => {
        const incident = await tools.withLake(flags, (lake) =>
          snooze(lake, id, lake.platform.clock.now() + flags.hours * 3_600_000, flags.by),
        );
        if (flags.json) tools.printJson(incident);
        else
          process.stdout.write(
            `${incident.id} is snoozed until ${incident.snoozed!.until} by ${incident.snoozed!.by}.\n`,
          );
      }, flags),
    );

  tools
    .addOptions(command.command('listen'))
    .description('answer the buttons below messages in Slack, on this machine behind a proxy')
    .option('--port <n>', 'where it listens, on loopback only; 0: any that is free', portNumber, 8481)
    .addHelpText(
      'after',
      `
Every request is verified by the signing secret of the Slack app and refused when it is older than five minutes. Only
members under \`people\` of the entry in campus.yaml may act, each by a role of access.yaml. docs/health.md#slack says
how the app is made.

Example:
  $ lake incidents listen --port 8481`,
    )
    .action((flags: ListenFlags) => tools.run(() => listen(tools, flags), flags));

  tools
    .addOptions(command.command('replay'))
    .argument('[id...]', 'only these incidents')
    .description('diagnose past incidents once more with the rules of today; changes nothing')
    .addHelpText(
      'after',
      '\nExit code 1 when a cause is another one today.\n\nExample:\n  $ lake incidents replay',
    )
    .action((ids: string[], flags: CommandFlags) =>
      tools.run(async () => {
        const replayed = await tools.withLake(flags, (lake) =>
          replayIncidents(lake, ids.length > 0 ? ids : undefined),
        );
        if (flags.json) tools.printJson(replayed);
        else process.stdout.write(`${replayInWords(replayed)}\n`);
        return replayed.every(({ isSame }) => isSame) ? 0 : 1;
      }, flags),
    );

  tools
    .addOptions(command.command('fix'))
    .argument('[id]', 'an incident; not with --due')
    .description('say what a repair would do, and do it with --confirm')
    .option('--repair <name>', 'which one (default: the first that the cause has)')
    .option('--confirm', 'do it. Default: only say it')
    .option('--by <name>', 'who, for the audit trail (default: the user of this session)')
    .option('--due', 'run again for the incidents that wait for it and whose time has come')
    .option('--wait <minutes>', 'with --due: wait so long for a time that has not come yet', minutes)
    .addHelpText(
      'after',
      `
Every attempt is a row of ops.repairs, and the next run shows whether it helped.

Examples:
  $ lake incidents fix rows-differ.canvas.users
  $ lake incidents fix rows-differ.canvas.users --repair new-snapshot --confirm && lake run
  $ lake run; lake incidents fix --due --wait 60       in cron, in place of lake run alone`,
    )
    .action((id: string | undefined, flags: FixFlags) =>
      tools.run(() => (flags.due ? fixDue(tools, flags) : fix(tools, id, flags)), flags),
    );
}

async function fix(tools: CommandTools, id: string | undefined, flags: FixFlags): Promise<number> {
  if (id === undefined)
    throw new InputError('Which incident?', {
      hint: '`lake incidents list` shows them; or --due for those that wait',
    });
  const outcome = await tools.withLake(flags, async (lake) => {
    const { incident } = await incidentDetails(lake, id);
    const repair = flags.repair ?? incident.repairs[0];
    if (repair === undefined)
      throw new InputError(`The lake knows no repair for ${incident.cause}.`, {
        hint: `\`lake incidents show ${incident.id}\` says what a person does`,
      });
    return act(lake, id, { repair, confirm: flags.confirm, by: flags.by });
  });
  const isRun = outcome.attempt?.repair === 'run-again';
  const run = isRun ? await tools.runLake(flags) : undefined;
  if (flags.json) tools.printJson({ ...outcome, ...(run ? { run } : {}) });
  else process.stdout.write(`${outcomeInWords(outcome, run)}\n`);
  return run && run.failures > 0 ? 1 : 0;
}

/** The runs that incidents wait for, one after another, until none is due any more. */
async function fixDue(tools: CommandTools, flags: FixFlags): Promise<number> {
  const until = Date.now() + (flags.wait ?? 0) * 60_000;
  let failures = 0;
  for (let runs = 0; ; runs++) {
    const waiting = await tools.withLake(flags, (lake) => listIncidents(lake));
    const times = waiting.flatMap(({ tried }) =>
      tried.filter(({ state }) => state === 'waiting').map(({ notBefore }) => Date.parse(notBefore!)),
    );
    const next = Math.min(...times);
    if (next > until || times.length === 0) {
      if (flags.json) tools.printJson({ runs, waiting: times.length });
      else process.stdout.write(`${runs === 0 ? 'Nothing is due.' : `Ran ${runs} times.`}\n`);
      return failures > 0 ? 1 : 0;
    }
    const wait = next - Date.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    failures = (await tools.runLake(flags)).failures;
  }
}

function minutes(text: string): number {
  const found = Number(text);
  if (Number.isFinite(found) && found >= 0 && found <= 24 * 60) return found;
  throw new InvalidArgumentError('Write a number of minutes, a day at most.');
}

function hours(text: string): number {
  const found = Number(text);
  if (found > 0 && found <= 744) return found;
  throw new InvalidArgumentError('Write a number of hours, 744 (31 days) at most.');
}

function portNumber(text: string): number {
  const found = Number(text);
  if (/^\d{1,5}$/.test(text) && found <= 65_535) return found;
  throw new InvalidArgumentError('Write a number from 0 to 65535.');
}
