import { Command, type CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { refuseEmptyValues } from '../../bin/empty-values.ts';

/** What a program of some commands does with a line: what it ran, or what it said. */
async function typed(...words: string[]): Promise<{ ran?: unknown[]; said?: string }> {
  const done: { ran?: unknown[]; said?: string } = {};
  const program = refuseEmptyValues(new Command('lake').exitOverride())
    .configureOutput({
      writeErr(text) {
        done.said = text.trim();
      },
    })
    .option('--target <target>');
  const show = program.command('jobs').command('show').argument('<job>').argument('[run]');
  show.option('--by <name>').action((...given) => {
    done.ran = given.slice(0, 3);
  });
  program
    .command('reload')
    .argument('<dataset...>')
    .option('--kind <kinds...>')
    .action((...given) => {
      done.ran = given.slice(0, 2);
    });
  process.env.LAKE_EMPTY = '';
  program.commands[1]!.addOption(program.createOption('--campus <file>').env('LAKE_EMPTY'));
  await program.parseAsync(words, { from: 'user' }).catch((error: CommanderError) => {
    expect(error).toMatchObject({ code: 'lake.emptyValue', exitCode: 1 });
  });
  return done;
}

describe('A value that is empty', () => {
  it.each([
    [['jobs', 'show', ''], 'the argument <job> is empty'],
    [['jobs', 'show', ' \t'], 'the argument <job> is empty'],
    [['jobs', 'show', 'publish', ''], 'the argument [run] is empty'],
    [['jobs', 'show', 'publish', '--by', ''], 'the option --by <name> is empty'],
    [['reload', 'canvas.users', ''], 'the argument <dataset...> is empty'],
    [['reload', 'canvas.users', '--kind', 'a', ''], 'the option --kind <kinds...> is empty'],
  ])('%j is refused before anything is done', async (words, said) => {
    expect(await typed(...words)).toEqual({ said: `error: ${said}; leave it out, or give it a value` });
  });

  it('is no other value, and none that the environment has', async () => {
    expect(await typed('jobs', 'show', 'Prüfung "Ö"', '--by', '0')).toEqual({
      ran: ['Prüfung "Ö"', undefined, { by: '0' }],
    });
    expect((await typed('reload', 'canvas.users')).ran?.[0]).toEqual(['canvas.users']);
  });
});
