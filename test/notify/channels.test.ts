import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotifyConfig } from '../../src/campus/campus-schema.ts';
import { type Channel, channelFor, topicChannel } from '../../src/notify/channel.ts';
import { composeRun } from '../../src/notify/compose-run.ts';
import { type Message, takes } from '../../src/notify/message.ts';
import { sendMessage } from '../../src/notify/send-message.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { lakeOf } from '../lake-of.ts';
import { closeReceivers, mailServer, receiver } from './receivers.ts';
import { bad } from './summaries.ts';

/** What no run says: it has links, a severity of its own, signs that channels read as control, and no data. */
const ALERT: Message = {
  kind: 'alert',
  severity: 'warning',
  audience: 'team',
  subject: 'Warning: canvas.submissions is 30 hours old at A & B <College>',
  sections: [
    { title: '', lines: ['Promised are 26 hours.'] },
    { title: 'What to do', lines: ['Look at `lake status`.', 'Ask *Canvas* whether <it> is up & running.'] },
  ],
  links: [{ title: 'The runbook', url: 'https://lake.example.edu/runbook?a=1&b=2' }],
  reference: { what: 'Alert', id: 'freshness/canvas.submissions' },
  dedupeKey: 'alert/freshness/canvas.submissions/2026-11-22',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lake-channels-'));
});
afterEach(async () => {
  await closeReceivers();
  await rm(folder, { recursive: true });
});

/** A channel, and what has come through it: subject and all. */
interface Opened {
  readonly channel: Channel;
  arrived(): Promise<string>;
}

const WORDS = { '&amp;': '&', '&lt;': '<', '&gt;': '>' } as const;
const unescaped = (text: string) =>
  text.replaceAll(/&(amp|lt|gt);/g, (sign) => WORDS[sign as keyof typeof WORDS]);
/** As a mail shows it: lines that were folded are whole again, signs that were encoded are signs. */
const mailText = (mail: string) =>
  mail
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/\r\n[ \t]/g, ' ')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Subscriptions take events alone: see subscription.test.ts. */
async function opened(kind: Exclude<NotifyConfig['kind'], 'subscription'> | 'topic'): Promise<Opened> {
  const secrets = (url: string) => ({ get: async () => url });
  const open = (config: NotifyConfig, url = '', print?: (text: string) => void) =>
    channelFor(config, { campus: { root: folder }, secrets: secrets(url), ...(print ? { print } : {}) });
  switch (kind) {
    case 'console': {
      const printed: string[] = [];
      const channel = open({ kind }, '', (text) => printed.push(text));
      return { channel, arrived: async () => printed.join('') };
    }
    case 'file':
      return {
        channel: open({ kind, path: 'told.txt' }),
        arrived: () => readFile(path.join(folder, 'told.txt'), 'utf8'),
      };
    case 'webhook': {
      const { url, got } = await receiver(200);
      const arrived = async () => (got as { subject: string; text: string }[])[0]!;
      return {
        channel: open({ kind, url: { env: 'HOOK' } }, url),
        arrived: async () => `${(await arrived()).subject}\n${(await arrived()).text}`,
      };
    }
    case 'slack': {
      const { url, got } = await receiver(200);
      const arrived = async () => unescaped(JSON.stringify(got));
      return { channel: open({ kind, url: { env: 'HOOK' } }, url), arrived };
    }
    case 'email': {
      const { port, mails } = await mailServer();
      const config: NotifyConfig = {
        kind,
        host: '127.0.0.1',
        port,
        from: 'lake@lakeside.edu',
        to: ['data@lakeside.edu', 'oncall@lakeside.edu'],
        on: 'always',
        retryMinutes: 30,
      };
      return { channel: open(config), arrived: async () => mailText(mails.join('')) };
    }
    case 'topic': {
      const told: string[] = [];
      const publish = async ({ subject, text }: { subject: string; text: string }) =>
        void told.push(subject, text);
      return { channel: topicChannel({ publish }), arrived: async () => told.join('\n') };
    }
  }
}

const KINDS = ['console', 'file', 'webhook', 'slack', 'email', 'topic'] as const;

describe.each(KINDS)('The channel %s', (kind) => {
  it.each([
    ['an alert', ALERT],
    ['a run', composeRun(bad)],
  ])('shows all of %s to each of its receivers', async (_what, message) => {
    const { channel, arrived } = await opened(kind);

    const fates = await channel.send(message);

    expect([...fates]).toEqual(channel.receivers.map((name) => [name, { status: 'sent' }]));
    const text = await arrived();
    // A console has no subject: what it would say is the first line.
    if (kind !== 'console') expect(text).toContain(message.subject);
    for (const { title, lines } of message.sections)
      for (const part of [title, ...lines]) expect(text).toContain(part);
    for (const { title, url } of message.links ?? []) {
      expect(text).toContain(title);
      expect(text).toContain(url);
    }
    expect(text).toContain(`${message.reference.what} ${message.reference.id}`);
  });

  it('takes what the team is told, and not what others are', async () => {
    const { channel } = await opened(kind);
    expect(takes(channel.route, ALERT)).toBe(true);
    expect(takes(channel.route, { ...ALERT, audience: 'advisers' })).toBe(false);
  });
});

describe('A route', () => {
  it('takes messages from its severity on, of its kinds, for its audience', () => {
    const message = fc.record({
      kind: fc.constantFrom('run' as const, 'alert' as const, 'notice' as const),
      severity: fc.constantFrom('info' as const, 'warning' as const, 'error' as const),
      audience: fc.constantFrom('team' as const, 'advisers' as const),
    });
    const rank = { info: 0, warning: 1, error: 2 };
    fc.assert(
      fc.property(message, message, fc.boolean(), (sent, wanted, all) => {
        const { audience, severity: from, kind } = wanted;
        const route = { audience, from, ...(all ? {} : { kinds: [kind] }) };
        expect(takes(route, sent)).toBe(
          sent.audience === audience && rank[sent.severity] >= rank[from] && (all || sent.kind === kind),
        );
      }),
    );
  });
});

describe('A message that is no run', () => {
  it('is sent by every channel whose route it fits, once for its key', async () => {
    const { url, got } = await receiver(404, 200);
    const ledger = openLocalLedger(path.join(folder, 'ledger'));
    const email = { kind: 'email', host: '127.0.0.1', port: 1, from: 'a@b.edu', to: ['c@b.edu'] } as const;
    const lake = lakeOf({
      campus: {
        root: folder,
        notify: [
          { kind: 'file', path: 'told.txt' },
          { kind: 'webhook', url: { env: 'HOOK' } },
          { ...email, on: 'failure', retryMinutes: 30 },
        ],
      },
      platform: { ledger, clock: systemClock, secrets: { get: async () => url } },
      report: { note: () => undefined },
      signal: new AbortController().signal,
    });

    const first = await sendMessage(lake, ALERT, 'r1');
    const second = await sendMessage(lake, ALERT, 'r2');
    const next = await sendMessage(lake, { ...ALERT, dedupeKey: 'alert/other' }, 'r2');

    expect(first).toMatchObject({ sent: ['file'], failed: [{ notifier: 'webhook' }], waits: false });
    expect([second.sent, next.sent]).toEqual([
      ['file', 'webhook'],
      ['file', 'webhook'],
    ]);
    expect(got).toHaveLength(2);
    const told = await readFile(path.join(folder, 'told.txt'), 'utf8');
    expect(told.match(/^== Warning/gm)).toHaveLength(2);
    expect((await ledger.rows('notifications', `${ALERT.dedupeKey}/`)).map(({ id }) => id)).toEqual([
      `${ALERT.dedupeKey}/0`,
      `${ALERT.dedupeKey}/1`,
    ]);
  });
});
