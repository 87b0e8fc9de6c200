import type { Command } from 'commander';

/**
 * Has every command refuse an argument or an option that is given as an empty text, before it does anything: `""` is
 * what an unset variable of a script becomes, and names nothing. The command ends as with any other wrong usage.
 */
export function refuseEmptyValues(program: Command): Command {
  return program.hook('preAction', (_program, command) => {
    const empty = emptyValueOf(command);
    if (empty !== undefined)
      command.error(`error: ${empty} is empty; leave it out, or give it a value`, {
        code: 'lake.emptyValue',
      });
  });
}

/** The first argument or option of a command line that is empty or white space, as the help writes it. */
function emptyValueOf(command: Command): string | undefined {
  for (const [place, { required, variadic }] of command.registeredArguments.entries()) {
    const name = `${command.registeredArguments[place]!.name()}${variadic ? '...' : ''}`;
    if (isEmpty(command.processedArgs[place])) return `the argument ${required ? `<${name}>` : `[${name}]`}`;
  }
  // What comes from a variable of the environment may be empty: that is how one is switched off.
  const given = command.options.find(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli' &&
      isEmpty(command.getOptionValue(option.attributeName())),
  );
  return given && `the option ${given.flags}`;
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isEmpty) : typeof value === 'string' && value.trim() === '';
