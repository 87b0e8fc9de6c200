import type { Command } from 'commander';
import type { Lake } from '../step.ts';

/**
 * `lake <name>`.
 *
 * @example
 * ```ts
 * import type { CommandFlags, FeatureCommand } from '../feature.ts';
 *
 * const command: FeatureCommand = {
 *   name: 'tables-count',
 *   description: 'how many tables the catalog has',
 *   load: async () => (command, tools) => {
 *     tools.addOptions(command).action((flags: CommandFlags) =>
 *       tools.run(async () => {
 *         const tables = await tools.withLake(flags, async ({ catalog }) => catalog.datasets.length);
 *         tools.printJson({ tables });
 *       }, flags),
 *     );
 *   },
 * };
 * ```
 */
export interface FeatureCommand {
  readonly name: string;
  /** The line in `lake --help`. */
  readonly description: string;
  load(): Promise<(command: Command, tools: CommandTools) => void>;
}

/** What every command that works on a campus takes. */
export interface CommandFlags {
  /** The campus file. */
  readonly campus: string;
  readonly json?: boolean;
  /** Where the lake lives. Default: on this machine. */
  readonly target?: 'local' | 'aws';
}

/** What every command that reads rows as a role takes. */
export interface CommandRole {
  readonly role?: string;
  readonly as?: string;
  readonly attribute: Readonly<Record<string, string>>;
  readonly purpose?: string;
  readonly breakGlass?: string;
}

/** What a command needs of the program that it is part of. */
export interface CommandTools {
  /** Adds `--campus` and `--json`. */
  addOptions(command: Command): Command;
  /** Adds `--target`, for a command that works on a lake on AWS as well. */
  addTargetOption(command: Command): Command;
  /** Adds `--role`, `--as` and what else says as whom rows are read. */
  addRoleOptions(command: Command): Command;
  /** The lake as these flags say that it is read. @throws InputError where there is no such role */
  asRole(lake: Lake, flags: CommandRole): Promise<Lake>;
  /** Runs the command's work: an error is printed and becomes the exit code. Never rejects. */
  run(work: () => Promise<number> | Promise<void>, flags: { readonly json?: boolean }): Promise<void>;
  /** Opens the campus's lake for the time of `work`. */
  withLake<T>(flags: CommandFlags, work: (lake: Lake) => Promise<T>): Promise<T>;
  /** The same for work that takes a while: on a terminal it shows the title and the progress that is reported. */
  whileWorking<T>(title: string, flags: CommandFlags, work: (lake: Lake) => Promise<T>): Promise<T>;
  /** Loads the lake, as `lake run` does without its display. */
  runLake(
    flags: CommandFlags,
  ): Promise<{ readonly run: string; readonly status: string; readonly failures: number }>;
  /** Prints one JSON document. */
  printJson(value: unknown): void;
}
