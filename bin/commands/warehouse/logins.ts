import { rm, writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import {
  addWarehouseLogin,
  applyAccess,
  listWarehouseLogins,
  removeWarehouseLogin,
  rotateWarehouseLogin,
} from '../../../src/app/warehouse/logins.ts';
import { InputError } from '../../../src/errors.ts';
import type { Lake } from '../../../src/ports/step.ts';
import type { KeptLogin } from '../../../src/ports/warehouse-access.ts';
import { withLakeAt } from '../../with-lake.ts';
import { addCommonOptions, attributeOf, type CommonFlags, printJson, runCommand } from '../common.ts';

/** `lake warehouse login` and `lake warehouse access`. */
export function defineWarehouseLogins(warehouse: Command): void {
  const login = warehouse
    .command('login')
    .description('logins of people and services, each with what its role in access.yaml sees');
  defineAdd(login);
  defineList(login);
  defineRotate(login);
  defineRemove(login);
  addCommonOptions(warehouse.command('access'))
    .description('make the warehouse hold to access.yaml as it is now, as each run does')
    .action((flags: CommonFlags) =>
      runCommand(async () => {
        await withLakeAt(flags.campus, {}, applyAccess);
        if (flags.json) printJson({ applied: true });
        else process.stdout.write('The warehouse holds to access.yaml.\n');
      }, flags),
    );
}

interface PasswordFlags extends CommonFlags {
  readonly passwordFile?: string;
}

interface AddFlags extends PasswordFlags {
  readonly role: string;
  readonly as?: string;
  readonly attribute: Readonly<Record<string, string>>;
  readonly purpose?: string;
}

function defineAdd(login: Command): void {
  addPasswordOption(addCommonOptions(login.command('add <login>')))
    .description('add a login for one person or service')
    .requiredOption('--role <role>', 'its role in access.yaml')
    .option('--as <person>', "who uses it: the role's attribute person")
    .addOption(
      new Option('--attribute <name=value>', 'what else the rules of the role compare with')
        .argParser(attributeOf)
        .default({}, 'none'),
    )
    .option('--purpose <purpose>', "what the rows are used for (default: the role's only purpose)")
    .addHelpText(
      'after',
      `
The login finds its tables in schemas of its role, such as adviser__campus, which are on its search path: it says
SELECT * FROM students. The password goes into a file that only you can read: hand it over, and delete the file.

Examples:
  $ lake warehouse login add zoe --role adviser --as F1000001
  $ lake warehouse login add tableau --role dashboard --password-file tableau.password`,
    )
    .action((name: string, flags: AddFlags) => runCommand(() => add(name, flags), flags));
}

async function add(name: string, flags: AddFlags): Promise<void> {
  const { role, as: person, attribute: attributes, purpose } = flags;
  const asked = {
    login: name,
    role,
    attributes,
    ...(person === undefined ? {} : { person }),
    ...(purpose === undefined ? {} : { purpose }),
  };
  await keepPassword(name, flags, (lake) => addWarehouseLogin(lake, asked));
}

function defineList(login: Command): void {
  addCommonOptions(login.command('list'))
    .description('the logins, what each is for, and why those that are closed are')
    .action((flags: CommonFlags) =>
      runCommand(async () => {
        const found = await withLakeAt(flags.campus, {}, listWarehouseLogins);
        if (flags.json) return printJson(found);
        process.stdout.write(
          found.length === 0 ? 'There are no logins.\n' : `${found.map(lineOf).join('\n')}\n`,
        );
      }, flags),
    );
}

function lineOf({ login, role, purpose, attributes, isOpen, whyClosed }: KeptLogin): string {
  const known = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  const state = isOpen ? 'open' : `closed: ${whyClosed ?? 'the next run opens it'}`;
  return [login, `${role} (${purpose})`, ...known, state].join('  ');
}

function defineRotate(login: Command): void {
  addPasswordOption(addCommonOptions(login.command('rotate <login>')))
    .description('give a login another password; sessions that are open stay')
    .action((name: string, flags: PasswordFlags) =>
      runCommand(() => keepPassword(name, flags, (lake) => rotateWarehouseLogin(lake, name)), flags),
    );
}

function defineRemove(login: Command): void {
  addCommonOptions(login.command('remove <login>'))
    .description('end a login and its sessions')
    .action((name: string, flags: CommonFlags) =>
      runCommand(async () => {
        await withLakeAt(flags.campus, {}, (lake) => removeWarehouseLogin(lake, name));
        if (flags.json) printJson({ removed: name });
        else process.stdout.write(`${name} is removed.\n`);
      }, flags),
    );
}

const addPasswordOption = (command: Command): Command =>
  command.option('--password-file <file>', 'a new file for the password (default: <login>.password)');

/** Writes a new password into a file of its owner's; where that cannot be, nothing is changed. */
async function keepPassword(
  name: string,
  { campus, json, passwordFile = `${name}.password` }: PasswordFlags,
  make: (lake: Lake) => Promise<string>,
): Promise<void> {
  await writeFile(passwordFile, '', { flag: 'wx', mode: 0o600 }).catch((cause: { code?: string }) => {
    if (cause.code !== 'EEXIST') throw cause;
    throw new InputError(`There is a file ${passwordFile} already.`, {
      hint: 'name another with --password-file',
    });
  });
  const password = await withLakeAt(campus, {}, make).catch(async (error: unknown) => {
    await rm(passwordFile, { force: true });
    throw error;
  });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (json) return printJson({ login: name, passwordAt: passwordFile });
  process.stdout.write(`The password of ${name} is in ${passwordFile}: hand it over, and delete the file.\n`);
}
