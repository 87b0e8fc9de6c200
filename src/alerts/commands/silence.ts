import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { holdsAt, timeLimitedId } from '../../time-limited.ts';
import { parseDuration } from '../language/numbers.ts';
import { loadAlerts } from '../rules/load-alerts.ts';
import { keepSilenced, readSilenced, type SilencedAlert } from '../silences.ts';
import { chosen } from './chosen.ts';

interface SilenceFlags extends CommandFlags {
  readonly until?: string;
  readonly reason?: string;
  readonly end?: string;
}

const LONGEST_MS = 31 * 86_400_000;

/** `lake alerts silence`. */
export function defineSilence(command: Command, tools: CommandTools): void {
  tools
    .addTargetOption(tools.addOptions(command.command('silence')))
    .argument('[name]', 'an alert (default: the list of silences)')
    .description('tell nobody of an alert for a while, or list what is silenced')
    .option('--until <time>', 'when it ends: 4h, 2d, or ISO 8601 with a zone; at most 31 days from now')
    .option('--reason <text>', 'why, for those who read it later')
    .option('--end <id>', 'end a silence now; its id is in the list')
    .addHelpText(
      'after',
      `
A silenced alert is evaluated and listed as before; no notice is sent of it. ops.silenced_alerts keeps who silenced
what and why.

Examples:
  $ lake alerts silence no-submission --until 2d --reason "Canvas was down on Monday"
  $ lake alerts silence`,
    )
    .action((name: string | undefined, flags: SilenceFlags) =>
      tools.run(async () => {
        const found = await tools.withLake(
          flags,
          async ({ campus, session, platform: { ledger, clock } }) => {
            const now = clock.now();
            if (flags.end !== undefined)
              await keepSilenced(ledger, ended(await readSilenced(ledger), flags.end, now));
            else if (name !== undefined) {
              chosen((await loadAlerts(campus)).alerts, [name]);
              await keepSilenced(ledger, asked(name, flags, session.principal, now));
            }
            return (await readSilenced(ledger)).filter((one) => holdsAt(one, now));
          },
        );
        if (flags.json)
          tools.printJson(
            found.map(({ from, until, ...rest }) => ({
              ...rest,
              from: new Date(from).toISOString(),
              until: new Date(until).toISOString(),
            })),
          );
        else process.stdout.write(`${found.map(inWords).join('\n') || 'Nothing is silenced.'}\n`);
      }, flags),
    );
}

const inWords = ({ alert, until, by, reason, id }: SilencedAlert): string =>
  `${alert} is silenced until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC by ${by}: ${reason}  [${id}]`;

/** @throws InputError where it does not say until when and why */
function asked(alert: string, { until, reason }: SilenceFlags, by: string, now: number): SilencedAlert {
  if (until === undefined || !reason?.trim())
    throw new InputError('--until and --reason are missing.', {
      hint: 'say when it ends and why, such as --until 4h --reason "the SIS is being moved"',
    });
  const length = parseDuration(until);
  const end =
    length === undefined ? (/(Z|[+-]\d\d:\d\d)$/.test(until) ? Date.parse(until) : Number.NaN) : now + length;
  if (Number.isNaN(end) || end <= now || end - now > LONGEST_MS)
    throw new InputError(`--until ${until} is no time within the next 31 days.`, {
      hint: 'a length such as 4h or 2d, or ISO 8601 with a zone',
    });
  return { id: timeLimitedId(now, alert), alert, from: now, until: end, reason: reason.trim(), by };
}

/** @throws InputError where there is no such one */
function ended(all: readonly SilencedAlert[], id: string, now: number): SilencedAlert {
  const found = all.find((one) => one.id === id && holdsAt(one, now));
  if (!found)
    throw new InputError(`There is no silence ${id} to end.`, { hint: 'the list shows those that hold' });
  return { ...found, until: now };
}
