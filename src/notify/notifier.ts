import type { Campus } from '../campus/campus.ts';
import type { NotifyConfig } from '../campus/campus-schema.ts';
import type { Topic } from '../ports/platform.ts';
import type { SecretRef, SecretStore } from '../ports/secrets.ts';
import { boundedSummary } from './bounded-summary.ts';
import type { Message } from './compose.ts';
import type { Fates } from './delivery.ts';
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
  /**
   * Names of those who are told each by themselves: numbers of the addresses of an e-mail, from 1. One without a name
   * where a channel has one receiver.
   */
  readonly receivers: readonly string[];
  /** Until when, in ms from its first try, a receiver that says "later" is asked again. Default: it is not. */
  readonly patienceMs?: number;
  /**
   * Tells some of its receivers. Default: all of them.
   * @throws NotifyError where nobody was reached
   */
  send(message: Message, summary: RunSummary, receivers?: readonly string[]): Promise<Fates>;
}

export interface NotifierParts {
  readonly campus: Pick<Campus, 'root'>;
  readonly secrets: SecretStore;
  readonly signal?: AbortSignal;
  /** Where the console is. Default: standard error, since standard output may be read by a script. */
  readonly print?: (text: string) => void;
}

const always = () => true;
/** The receiver of a channel that has one. */
const ONE = [''];
const SENT: Fates = new Map([['', { status: 'sent' }]]);

/** The notifier of one entry under `notify` in campus.yaml. */
export function notifierFor(config: NotifyConfig, parts: NotifierParts): Notifier {
  const { secrets, signal } = parts;
  const authority = async (ref?: SecretRef) => (ref ? secrets.get(ref) : undefined);
  switch (config.kind) {
    case 'console': {
      const print = parts.print ?? ((text: string) => process.stderr.write(text));
      return {
        name: 'console',
        wants: always,
        receivers: ONE,
        send: async ({ text }) => {
          print(`\n${text}`);
          return SENT;
        },
      };
    }
    case 'file':
      return {
        name: 'file',
        wants: always,
        receivers: ONE,
        send: async (message) => {
          await sendToFile(parts.campus.root, config.path, message);
          return SENT;
        },
      };
    case 'webhook':
      return {
        name: 'webhook',
        wants: always,
        receivers: ONE,
        send: async ({ subject, text }, summary) => {
          const body = { subject, text, summary: boundedSummary(summary) };
          await post('the webhook', await secrets.get(config.url), body, {
            signal,
            ca: await authority(config.ca),
          });
          return SENT;
        },
      };
    case 'slack':
      return {
        name: 'Slack',
        wants: always,
        receivers: ONE,
        send: async (_message, summary) => {
          const ca = await authority(config.ca);
          await post('Slack', await secrets.get(config.url), slackMessage(summary), { signal, ca });
          return SENT;
        },
      };
    case 'email': {
      const everybody = config.to.map((_, at) => String(at + 1));
      return {
        name: `e-mail to ${config.to.length}`,
        wants: ({ status }) => config.on === 'always' || status === 'failed',
        receivers: everybody,
        patienceMs: config.retryMinutes * 60_000,
        async send(message, _summary, receivers = everybody) {
          // Its library takes long to read in, and few campuses send mail.
          const { sendEmail } = await import('./send-email.ts');
          const password = config.password ? await secrets.get(config.password) : undefined;
          return sendEmail(config, message, { password, ca: await authority(config.ca), receivers });
        },
      };
    }
  }
}

/** The target's own subscribers. */
export function topicNotifier(topic: Topic): Notifier {
  return {
    name: 'topic',
    wants: always,
    receivers: ONE,
    send: async (message) => {
      await topic.publish(message);
      return SENT;
    },
  };
}
