import { type Command, InvalidArgumentError } from 'commander';
import { readAs } from '../../app/access/open-access.ts';
import { ask } from '../../app/assistant/ask.ts';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import { answerInWords } from './shown.ts';

interface AskFlags extends CommandFlags {
  readonly role?: string;
  readonly as?: string;
  readonly attribute: Readonly<Record<string, string>>;
  readonly purpose?: string;
  /** False with --no-model. */
  readonly model: boolean;
}

export function defineAsk(command: Command, tools: CommandTools): void {
  tools
    .addTargetOption(tools.addOptions(command))
    .argument('<question...>', 'in English, best in quotes')
    .option('--role <role>', 'ask as a role of access.yaml: nothing else is looked at')
    .option('--as <person>', "with --role: who asks; also the role's attribute person")
    .option('--attribute <name=value>', 'with --role: what else its rules compare with', attribute, {})
    .option('--purpose <purpose>', "with --role: what for (default: the role's only purpose)")
    .option('--no-model', 'by rules alone, whatever campus.yaml says')
    .addHelpText(
      'after',
      `
Says why data are late, missing or wrong, with the rows of the ledger by which it knows; how a table is; which table has
something; what a name means; whose it is. Rules read runs, loads, checks, changes of columns, work and incidents, and rank
the causes; no language model is needed. "Nothing is wrong" and "I do not know" are answers. Where campus.yaml names a model
(key assistant), it puts causes into words: each claim cites rows, and one that says more than they do is not shown.

A question can name a table (campus.students, submissions), a source (canvas), an incident or a run by its id, and a time
by the campus's clock: last night, yesterday, on Monday, 2026-11-30, Nov 30 at 02:30, the last 3 hours.

ops.questions has a row for each question, without its words. docs/assistant.md explains analysers and causes.

Exit code: 0 it is answered, 1 the assistant does not know or the role may not, 2 input to correct.

Examples:
  $ lake ask "why is canvas.submissions late?"
  $ lake ask "what went wrong last night?" --json | jq '.causes[] | {time, component, reason}'
  $ lake ask "which table has grades by week"
  $ lake ask --role analyst "what does final_score mean"`,
    )
    .action((words: string[], flags: AskFlags) =>
      tools.run(async () => {
        if (
          flags.role === undefined &&
          (flags.as ?? flags.purpose ?? Object.keys(flags.attribute)[0]) !== undefined
        )
          throw new InputError(
            '--as, --attribute and --purpose say more of a role, and there is no --role.',
            {
              hint: '`lake access roles` lists the roles',
            },
          );
        const answer = await tools.withLake(flags, async (lake) => {
          const { role, as: principal, attribute: attributes, purpose } = flags;
          const asked =
            role === undefined ? lake : await readAs(lake, { role, principal, attributes, purpose });
          return ask(asked, words.join(' '), { rulesOnly: !flags.model });
        });
        if (flags.json) tools.printJson(answer);
        else process.stdout.write(`${answerInWords(answer)}\n`);
        return answer.kind === 'unknown' || answer.kind === 'refused' ? 1 : 0;
      }, flags),
    );
}

function attribute(written: string, before: AskFlags['attribute']): AskFlags['attribute'] {
  const at = written.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write name=value.');
  return { ...before, [written.slice(0, at)]: written.slice(at + 1) };
}
