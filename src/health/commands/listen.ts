import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readAs } from '../../app/access/open-access.ts';
import { slackButtons } from '../../app/health/slack-buttons.ts';
import { InputError } from '../../errors.ts';
import { post } from '../../notify/send-http.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import type { Lake } from '../../ports/step.ts';

export interface ListenFlags extends CommandFlags {
  readonly port: number;
}

/** Bodies of Slack's requests are a few KB. */
const LONGEST = 200_000;
const SLACK = 'https://hooks.slack.com/';

/** Answers Slack's requests on loopback until Ctrl+C. */
export async function listen(tools: CommandTools, flags: ListenFlags): Promise<void> {
  await tools.withLake(flags, async (lake) => {
    const entries = lake.campus.notify.flatMap((way) =>
      way.kind === 'slack' && way.signingSecret !== undefined ? [way] : [],
    );
    if (entries.length === 0)
      throw new InputError('No Slack entry under notify in campus.yaml has a signingSecret.', {
        hint: 'docs/health.md#slack describes the app, its secret and who may press the buttons',
      });
    const answer = slackButtons({
      entries,
      secrets: lake.platform.secrets,
      openAs: async ({ name, role }) => asPerson(lake, name, role),
      run: async () => {
        const { run, status } = await tools.runLake(flags);
        return `Run ${run} has ${status}.`;
      },
      reply: async (url, text) => {
        // Slack alone is answered, whatever a request says.
        if (!url.startsWith(SLACK)) return;
        await post('Slack', url, { response_type: 'ephemeral', replace_original: false, text });
      },
      now: () => Date.now(),
    });
    const working = new Set<Promise<void>>();
    const server = createServer((request, response) => {
      void (async () => {
        const body = await bodyOf(request);
        if (request.method !== 'POST' || request.url !== '/slack/actions' || body === undefined)
          return response.writeHead(404).end();
        const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = request.headers;
        const { status, work } = await answer({ timestamp: one(timestamp), signature: one(signature), body });
        if (work) {
          working.add(work);
          void work.finally(() => working.delete(work));
        }
        response.writeHead(status).end();
      })().catch(() => response.writeHead(500).end());
    });
    server.listen(flags.port, '127.0.0.1');
    await Promise.race([
      once(server, 'listening'),
      once(server, 'error').then(() => {
        throw new InputError(`Port ${flags.port} cannot be opened.`, {
          hint: 'give another one with --port, or 0 for any that is free',
        });
      }),
    ]);
    const { port } = server.address() as AddressInfo;
    process.stdout.write(
      `Slack is answered at http://127.0.0.1:${port}/slack/actions, behind a proxy with https. Ctrl+C ends it.\n`,
    );
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    server.close();
    server.closeAllConnections();
    await Promise.all(working);
  });
}

const one = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : undefined;

/** Undefined where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += (part as Buffer).length;
    if (length > LONGEST) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The administrator is who has started the command; any other role is one of access.yaml. */
async function asPerson(lake: Lake, principal: string, role: string): Promise<Lake> {
  if (role === lake.session.role) return lake;
  return readAs(lake, { role, principal });
}
