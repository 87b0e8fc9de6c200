import { InputError } from '../src/errors.ts';

/** Options by their earlier names, which are accepted and not shown in the help. */
const FLAGS: Readonly<Record<string, string>> = { '--home': '--target', '--still': '--freeze-clock' };

/** Environment variables by their earlier names. */
const VARIABLES: Readonly<Record<string, string>> = { LAKE_HOME: 'LAKE_TARGET' };

/** The words of a command line, with options by the names of today. */
export interface Renamed {
  readonly words: readonly string[];
  /** A line for each earlier name that was given. */
  readonly warnings: readonly string[];
}

/**
 * Reads earlier names of options. What follows `--` is no option.
 * @throws InputError where an option is given by both its names
 */
export function withNewFlags(given: readonly string[]): Renamed {
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const names = given.slice(0, end).map((word) => word.split('=', 1)[0]!);
  const old = Object.keys(FLAGS).filter((flag) => names.includes(flag));
  const twice = old.find((flag) => names.includes(FLAGS[flag]!));
  if (twice !== undefined)
    throw new InputError(`${twice} and ${FLAGS[twice]} are two names of one option`, {
      hint: `keep ${FLAGS[twice]}`,
    });
  const words = given.map((word, i) => {
    const now = i < end ? FLAGS[names[i]!] : undefined;
    return now === undefined ? word : `${now}${word.slice(names[i]!.length)}`;
  });
  return { words, warnings: old.map((flag) => renamed(flag, FLAGS[flag]!)) };
}

/**
 * Reads earlier names of environment variables; one by its new name counts.
 * @returns a line for each that was read
 */
export function readOldVariables(env: Record<string, string | undefined>): string[] {
  return Object.entries(VARIABLES).flatMap(([old, now]) => {
    if (env[old] === undefined || env[now] !== undefined) return [];
    env[now] = env[old];
    return [renamed(old, now)];
  });
}

const renamed = (old: string, now: string): string =>
  `warning: ${old} is now called ${now}; the old name is still accepted`;
