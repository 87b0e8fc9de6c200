import type { Campus } from '../campus/campus.ts';
import type { NotifyConfig } from '../campus/campus-schema.ts';
import type { Topic } from '../platform/ports/platform.ts';
import type { SecretStore } from '../platform/ports/secrets.ts';
import type { Message } from './compose.ts';
import { sendToFile } from './send-file.ts';
import { post } from './send-http.ts';
import { slackMessage } from './slack-message.ts';
import type { RunSummary } from './summary.ts';

/** One way of telling people. */
export interface Notifier {
  /** For people: `e-mail to 2`, `Slack`; never an address. */
  readonly name: string;
  /** Whether it wants to tell of this run at all. */
  wants(summary: RunSummary): boolean;
  /** @throws NotifyError */
  send(message: Message, summary: RunSummary): Promise<void>;
}

export interface NotifierParts {
  readonly campus: Pick<Campus, 'root'>;
  readonly secrets: SecretStore;
  readonly signal?: AbortSignal;
  /** Where the console is. Default: standard error, since standard output may be read by a script. */
  readonly print?: (text: string) => void;
}

const always = () => true;

/** The notifier of one entry under `notify` in campus.yaml. */
export function notifierFor(config: NotifyConfig, parts: NotifierParts): Notifier {
  const { secrets, signal } = parts;
  switch (config.kind) {
    case 'console': {
      const print = parts.print ?? ((text: string) => process.stderr.write(text));
      return { name: 'console', wants: always, send: async ({ text }) => print(`\n${text}`) };
    }
    case 'file':
      return {
        name: 'file',
        wants: always,
        send: (message) => sendToFile(parts.campus.root, config.path, message),
      };
    case 'webhook':
      return {
        name: 'webhook',
        wants: always,
        send: async ({ subject, text }, summary) =>
          post('the webhook', await secrets.get(config.url), { subject, text, summary }, signal),
      };
    case 'slack':
      return {
        name: 'Slack',
        wants: always,
        send: async (_message, summary) =>
          post('Slack', await secrets.get(config.url), slackMessage(summary), signal),
      };
    case 'email':
      return {
        name: `e-mail to ${config.to.length}`,
        wants: ({ status }) => config.on === 'always' || status === 'failed',
        async send(message) {
          // Its library takes long to read in, and few campuses send mail.
          const { sendEmail } = await import('./send-email.ts');
          await sendEmail(config, message, config.password ? await secrets.get(config.password) : undefined);
        },
      };
  }
}

/** The home's own subscribers. */
export function topicNotifier(topic: Topic): Notifier {
  return { name: 'topic', wants: always, send: (message) => topic.publish(message) };
}
