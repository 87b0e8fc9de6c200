import type { NotifyConfig } from '../campus/campus-schema.ts';
import type { Channel, ChannelParts } from './channel.ts';
import type { Fates } from './delivery.ts';
import { NotifyError } from './errors.ts';
import { EVENT_TYPE } from './event-type.ts';
import { mustBePublic } from './public-address.ts';
import { post } from './send-http.ts';
import { webhookHeaders } from './webhook-signature.ts';

type SubscriptionConfig = Extract<NotifyConfig, { kind: 'subscription' }>;

const SENT: Fates = new Map([['', { status: 'sent' }]]);

/**
 * A program that is told of events: CloudEvents in structured JSON, signed by the headers of Standard Webhooks. Only an
 * address of the public internet is asked, unless the entry allows others. What fails in passing is tried again.
 */
export function subscriptionChannel(
  config: SubscriptionConfig,
  { secrets, signal }: Pick<ChannelParts, 'secrets' | 'signal'>,
): Channel {
  const { events = ['campus-lake'], allowPrivate, retryMinutes } = config;
  return {
    name: 'subscription',
    route: {
      audience: 'team',
      from: 'info',
      kinds: ['notice', 'event'],
      events,
    },
    receivers: [''],
    patienceMs: retryMinutes * 60_000,
    async send({ event }) {
      if (!event) return SENT;
      const url = await secrets.get(config.url);
      if (!allowPrivate) mustBePublic(url);
      const keys = await Promise.all(
        [config.secret, ...(config.previousSecret ? [config.previousSecret] : [])].map((ref) =>
          secrets.get(ref),
        ),
      );
      try {
        await post('the subscriber', url, event, {
          signal,
          contentType: EVENT_TYPE,
          ca: config.ca ? await secrets.get(config.ca) : undefined,
          publicOnly: !allowPrivate,
          headers: (body, at) => webhookHeaders({ id: event.id, at, body }, keys),
        });
      } catch (error) {
        if (error instanceof NotifyError && error.mayPass)
          return new Map([['', { status: 'deferred', error: error.message }]]);
        throw error;
      }
      return SENT;
    },
  };
}
