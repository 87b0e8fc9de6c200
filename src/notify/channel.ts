import type { Campus } from '../campus/campus.ts';
import type { NotifyConfig } from '../campus/campus-schema.ts';
import type { Topic } from '../ports/platform.ts';
import type { SecretRef, SecretStore } from '../ports/secrets.ts';
import type { Fates } from './delivery.ts';
import { EVENT_TYPE } from './event-type.ts';
import { type Message, type Route, type Severity, textOf } from './message.ts';
import { sendToFile } from './send-file.ts';
import { post } from './send-http.ts';
import { slackMessage } from './slack-message.ts';
import { subscriptionChannel } from './subscription.ts';

/** One way of telling people. It takes any message, and knows nothing of what that is about. */
export interface Channel {
  /** For people: `e-mail to 2`, `Slack`; never an address. */
  readonly name: string;
  /** Which messages it takes. */
  readonly route: Route;
  /**
   * Names of the receivers that are notified separately: numbers of the addresses of an e-mail, from 1. One without a name
   * where a channel has one receiver.
   */
  readonly receivers: readonly string[];
  /** Until when, in ms from its first try, a receiver that says "later" is asked again. Default: it is not. */
  readonly patienceMs?: number;
  /**
   * Tells some of its receivers. Default: all of them.
   * @throws NotifyError where nobody was reached
   */
  send(message: Message, receivers?: readonly string[]): Promise<Fates>;
}

export interface ChannelParts {
  readonly campus: Pick<Campus, 'root'>;
  readonly secrets: SecretStore;
  readonly signal?: AbortSignal;
  /** Where the console is. Default: standard error, since standard output may be read by a script. */
  readonly print?: (text: string) => void;
}

/** The team receives every message, unless an entry of campus.yaml says otherwise. */
const ALL: Route = { audience: 'team', from: 'info' };

/** The route of an entry. @param from where it does not say */
const routeOf = (
  { kinds, owners }: Pick<Extract<NotifyConfig, { kind: 'console' }>, 'kinds' | 'owners'>,
  from: Severity = 'info',
): Route => ({
  ...ALL,
  from,
  ...(kinds ? { kinds: kinds.flatMap((kind) => (kind === 'notice' ? ['notice', 'alert'] : [kind])) } : {}),
  ...(owners ? { owners } : {}),
});
/** The receiver of a channel that has one. */
const ONE = [''];
const SENT: Fates = new Map([['', { status: 'sent' }]]);

/** The channel of one entry under `notify` in campus.yaml. */
export function channelFor(config: NotifyConfig, parts: ChannelParts): Channel {
  const { secrets, signal } = parts;
  const authority = async (ref?: SecretRef) => (ref ? secrets.get(ref) : undefined);
  switch (config.kind) {
    case 'console': {
      const print = parts.print ?? ((text: string) => process.stderr.write(text));
      return {
        name: 'console',
        route: routeOf(config, config.from),
        receivers: ONE,
        send: async (message) => {
          print(`\n${textOf(message)}`);
          return SENT;
        },
      };
    }
    case 'file':
      return {
        name: 'file',
        route: routeOf(config, config.from),
        receivers: ONE,
        send: async (message) => {
          await sendToFile(parts.campus.root, config.path, message);
          return SENT;
        },
      };
    case 'webhook':
      return {
        name: 'webhook',
        route: routeOf(config, config.from),
        receivers: ONE,
        send: async (message) => {
          const { subject, event, data } = message;
          const body = event ?? { subject, text: textOf(message), ...data };
          await post('the webhook', await secrets.get(config.url), body, {
            signal,
            ca: await authority(config.ca),
            ...(event ? { contentType: EVENT_TYPE } : {}),
          });
          return SENT;
        },
      };
    case 'slack':
      return {
        name: 'Slack',
        route: routeOf(config, config.from),
        receivers: ONE,
        send: async (message) => {
          const ca = await authority(config.ca);
          await post(
            'Slack',
            await secrets.get(config.url),
            slackMessage(message, { hasButtons: config.signingSecret !== undefined }),
            {
              signal,
              ca,
            },
          );
          return SENT;
        },
      };
    case 'subscription':
      return subscriptionChannel(config, parts);
    case 'email': {
      const everybody = config.to.map((_, at) => String(at + 1));
      return {
        name: `e-mail to ${config.to.length}`,
        route: routeOf(config, config.on === 'always' ? 'info' : 'error'),
        receivers: everybody,
        patienceMs: config.retryMinutes * 60_000,
        async send(message, receivers = everybody) {
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
export function topicChannel(topic: Topic): Channel {
  return {
    name: 'topic',
    route: ALL,
    receivers: ONE,
    send: async (message) => {
      await topic.publish({ subject: message.subject, text: textOf(message) });
      return SENT;
    },
  };
}
