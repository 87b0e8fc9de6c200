import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { tokenReader } from '../../src/api/auth/jwt.ts';
import { withMetadata } from '../../src/api/metadata/open.ts';
import { readMetadata } from '../../src/api/metadata/read.ts';
import { readEndpoints } from '../../src/api/rest/read-endpoints.ts';
import { onlyAs, openAsCaller } from '../../src/app/access/open-as-caller.ts';
import { readPulse } from '../../src/app/runs/run-pulse.ts';
import { InputError } from '../../src/errors.ts';
import type { Lake } from '../../src/ports/step.ts';
import { wholeNumber } from '../../src/whole-number.ts';
import { serveWorkbench } from '../../web/server/serve.ts';
import { runStarter } from '../start-run.ts';
import { stopSignal } from '../stop-signal.ts';
import { withLakeAt } from '../with-lake.ts';
import {
  addCampusOption,
  addRoleOptions,
  asRole,
  type CommonFlags,
  type RoleFlags,
  runCommand,
} from './common.ts';

interface ServeFlags extends CommonFlags, RoleFlags {
  readonly port: string;
  readonly open?: boolean;
}

const PORTS = { min: 0, max: 65_535 };

/** After so long a change of access.yaml counts, and a role is given what was published meanwhile. */
const POLICY_MS = 5_000;

export function defineServe(command: Command): void {
  addRoleOptions(addCampusOption(command))
    .option('--port <n>', 'where it listens, on this machine only; 0: any port that is free', '8480')
    .option('--open', 'open the page in the browser')
    .addHelpText(
      'after',
      `
The workbench shows how the lake is, its students' lists, tables, runs and dictionary, and answers queries. The
printed link works once and lets one browser in; Enter prints another. With --role it shows what that role of
access.yaml sees, and nothing else. docs/workbench.md describes it.

Programs ask the same server in GraphQL, or by the addresses of saved queries (rest/*.graphql), as any role of
access.yaml (header X-Hasura-Role): docs/data-api.md. Below
/v1/health they read whether tables can be relied on: docs/health.md. Their token is printed, or is the one in the
environment variable LAKE_API_TOKEN; with api.jwt in campus.yaml, also a signed one of the college's OpenID
Connect issuer, which says who asks and as which roles.

Examples:
  $ lake serve --open
  $ lake serve --port 0 --role adviser --as F1000001`,
    )
    .action((flags: ServeFlags) => runCommand(() => serve(flags), flags));
}

async function serve(flags: ServeFlags): Promise<void> {
  const port = wholeNumber('--port', flags.port, PORTS);
  if (flags.breakGlass !== undefined)
    throw new InputError('The workbench is not served in an emergency.', {
      hint: 'ask what is needed with `lake query --break-glass`',
    });
  const signal = stopSignal();
  await withLakeAt(flags.campus, {}, async (whole) => {
    // A role that there is not is refused now, not when the page is opened.
    const { session } = await asRole(whole, flags);
    const open = asRoleNow(whole, flags);
    const metadata = await readMetadata(whole.campus.root);
    const openAs =
      flags.role !== undefined
        ? onlyAs(session.role, open)
        : metadata
          ? withMetadata(openAsCaller(whole), whole, metadata)
          : openAsCaller(whole);
    const endpoints = await readEndpoints(whole.campus.root);
    const token = process.env.LAKE_API_TOKEN || undefined;
    const jwt = flags.role === undefined ? whole.campus.api?.jwt : undefined;
    const readToken = jwt && tokenReader(jwt, { now: () => whole.platform.clock.now() });
    const file = /\.ya?ml$/.test(flags.campus) ? flags.campus : join(flags.campus, 'campus.yaml');
    const deeds = { startRun: runStarter(flags.campus, whole), campusFile: file };
    const served = await serveWorkbench(open, {
      port,
      openAs,
      token,
      endpoints,
      deeds,
      ...(readToken ? { readToken } : {}),
    });
    const link = served.newLink();
    process.stdout.write(
      [
        `The workbench of ${whole.campus.name}, as ${session.role}${flags.as === undefined ? '' : ` ${flags.as}`}:`,
        '',
        `  ${link}`,
        '',
        'The link works once. Enter prints another one, Ctrl+C ends the server.',
        '',
        `Programs ask http://127.0.0.1:${served.port}/v1/graphql with the header`,
        token === undefined
          ? `  Authorization: Bearer ${served.token}`
          : '  Authorization: Bearer, and the token in LAKE_API_TOKEN',
        ...(jwt ? [`or with a signed token (JWT) of ${jwt.issuer}`] : []),
        '',
      ].join('\n'),
    );
    if (flags.open) openBrowser(link);
    const lines = process.stdin.isTTY ? createInterface({ input: process.stdin }) : undefined;
    lines?.on('line', () => process.stdout.write(`  ${served.newLink()}\n`));
    // At a terminal the reader of lines would take Ctrl+C for itself.
    lines?.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    if (!signal.aborted) await once(signal, 'abort');
    lines?.close();
    await served.close();
  });
}

/** The lake with the rights of the role as they are now: access.yaml and what is published change while it is served. */
function asRoleNow(whole: Lake, flags: ServeFlags): () => Promise<Lake> {
  if (flags.role === undefined) return async () => whole;
  let opened: { readonly key: string; readonly lake: Promise<Lake> } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    if (opened && now - lookedAt < POLICY_MS) return opened.lake;
    const [{ publication }, file] = await Promise.all([
      readPulse(whole),
      stat(join(whole.campus.root, 'access.yaml')).catch(() => undefined),
    ]);
    const key = `${publication} ${file?.mtimeMs} ${file?.size}`;
    if (opened?.key !== key) {
      opened = { key, lake: asRole(whole, flags) };
    }
    lookedAt = now;
    return opened.lake;
  };
}

/** In the browser that the system opens links with; where there is none, the printed link serves. */
function openBrowser(link: string): void {
  const [program, ...words] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const child = spawn(program!, [...words, link], { stdio: 'ignore', detached: true });
  child.on('error', () => process.stdout.write('There is no browser to open here: use the link.\n'));
  child.unref();
}
