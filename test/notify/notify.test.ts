import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotifyConfig } from '../../src/campus/campus-schema.ts';
import { LakeError } from '../../src/errors.ts';
import { channelFor } from '../../src/notify/channel.ts';
import { composeRun } from '../../src/notify/compose-run.ts';
import { NotifyError } from '../../src/notify/errors.ts';
import { takes, textOf } from '../../src/notify/message.ts';
import { notify } from '../../src/notify/step.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { lakeOf } from '../lake-of.ts';
import { closeReceivers, mailServer, receiver } from './receivers.ts';
import { bad, good } from './summaries.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lake-notify-'));
});
afterEach(async () => {
  await closeReceivers();
  await rm(folder, { recursive: true });
});

const secrets = (values: Record<string, string>) => ({
  get: async (ref: object) => values[(ref as { env: string }).env]!,
});
const open = (config: NotifyConfig, values: Record<string, string> = {}) =>
  channelFor(config, { campus: { root: folder }, secrets: secrets(values) });
const email = (port: number, more: object = {}): NotifyConfig => ({
  kind: 'email',
  host: '127.0.0.1',
  port,
  from: 'lake@lakeside.edu',
  to: ['data@lakeside.edu', 'oncall@lakeside.edu'],
  on: 'always',
  retryMinutes: 30,
  ...more,
});

describe('notifiers', () => {
  it('print to the console', async () => {
    const printed: string[] = [];
    const notifier = channelFor(
      { kind: 'console' },
      { campus: { root: folder }, secrets: secrets({}), print: (line) => printed.push(line) },
    );

    await notifier.send(composeRun(good));

    expect(printed.join('')).toContain('All is well at Lakeside College');
  });

  it('append to a file next to campus.yaml', async () => {
    const notifier = open({ kind: 'file', path: 'told/runs.txt' });

    await notifier.send(composeRun(good));
    await notifier.send(composeRun(bad));

    const told = await readFile(path.join(folder, 'told/runs.txt'), 'utf8');
    expect(told.match(/^== .* ==$/gm)).toEqual([
      '== Good: Lakeside College, 2,500 datasets loaded, 31 students may need attention ==',
      '== FAILED: Lakeside College, 2 problems: canvas.submissions ==',
    ]);
  });

  it('post the summary and its words to a webhook', async () => {
    const { url, got } = await receiver(200);

    await open({ kind: 'webhook', url: { env: 'HOOK' } }, { HOOK: url }).send(composeRun(bad));

    expect(got).toEqual([
      {
        subject: composeRun(bad).subject,
        text: textOf(composeRun(bad)),
        summary: { ...bad, loaded: { datasets: 0, rows: 0, bytes: 0 } },
      },
    ]);
  });

  it('post blocks to Slack', async () => {
    const { url, got } = await receiver(200);

    await open({ kind: 'slack', url: { env: 'HOOK' } }, { HOOK: url }).send(composeRun(bad));

    expect(got).toEqual([
      expect.objectContaining({ blocks: expect.any(Array), text: composeRun(bad).subject }),
    ]);
  });

  it('try again when the receiver is busy', async () => {
    const { url, got } = await receiver(503, 429, 200);

    await open({ kind: 'webhook', url: { env: 'HOOK' } }, { HOOK: url }).send(composeRun(good));

    expect(got).toHaveLength(1);
  });

  it('do not try again when the receiver refuses, and keep the address to themselves', async () => {
    const { url, tries } = await receiver(404);

    const sending = open({ kind: 'slack', url: { env: 'HOOK' } }, { HOOK: url }).send(composeRun(good));

    await expect(sending).rejects.toThrow(NotifyError);
    const error = await sending.catch((e: Error) => e);
    expect(String(error)).toContain('answered 404');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error)) + (error as Error).stack).not.toContain(
      's3cr3t',
    );
    expect(tries()).toBe(1);
  });

  it('say it when the address is none', async () => {
    const sending = open({ kind: 'webhook', url: { env: 'HOOK' } }, { HOOK: 's3cr3t nonsense' }).send(
      composeRun(good),
    );

    await expect(sending).rejects.toThrow(/did not take the message/);
    await expect(sending).rejects.not.toThrow(/s3cr3t/);
  });

  it('send e-mail to everybody, with the subject', async () => {
    const { port, mails, to } = await mailServer();

    await open(email(port)).send(composeRun(bad));

    expect(to).toEqual(['data@lakeside.edu', 'oncall@lakeside.edu']);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/^Subject: FAILED: Lakeside College, 2 problems/m);
    expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(mails[0]).toContain('canvas.submissions: The job 7c1b was refused');
  });

  it('send no password to a mail server without TLS', async () => {
    const logins: string[] = [];
    const { port, mails } = await mailServer({
      onAuth: (auth, _session, done) => {
        logins.push(auth.password ?? '');
        done(null, { user: 'x' });
      },
    });
    const notifier = open(email(port, { user: 'lake', password: { env: 'MAIL' } }), { MAIL: 's3cr3t' });

    const sending = notifier.send(composeRun(good));

    await expect(sending).rejects.toThrow(`127.0.0.1:${port} did not take the message`);
    expect([logins, mails]).toEqual([[], []]);
  });

  it('do not try again when the mail server refuses for good', async () => {
    let tries = 0;
    const { port } = await mailServer({
      onMailFrom: (_address, _session, done) => {
        tries++;
        done(Object.assign(new Error('no such sender'), { responseCode: 550 }));
      },
    });

    await expect(open(email(port)).send(composeRun(good))).rejects.toThrow('answered 550');
    expect(tries).toBe(1);
  });

  it('tell of failures only, where that is wanted', () => {
    const { route } = open(email(1, { on: 'failure' }));

    expect([good, bad].map((summary) => takes(route, composeRun(summary)))).toEqual([false, true]);
  });
});

describe('the step notify', () => {
  function lakeWith(notifyConfig: NotifyConfig[], values: Record<string, string> = {}) {
    const notes: string[] = [];
    const lake = lakeOf({
      campus: { root: folder, notify: notifyConfig },
      platform: {
        ledger: openLocalLedger(path.join(folder, 'ledger')),
        secrets: secrets(values),
        clock: systemClock,
      },
      report: {
        note: (about: string, said: string) => notes.push(`${about}: ${said}`),
        progress: () => undefined,
      },
      signal: new AbortController().signal,
    });
    return { lake, notes };
  }
  const file: NotifyConfig = { kind: 'file', path: 'told.txt' };
  const hook: NotifyConfig = { kind: 'webhook', url: { env: 'HOOK' } };

  it('is not stopped by a way that fails, and reports it', async () => {
    const { url } = await receiver(404);
    const { lake, notes } = lakeWith([hook, file], { HOOK: url });

    const told = await notify.run({ summary: good }, lake);

    expect(told).toEqual({
      sent: ['file'],
      failed: [{ notifier: 'webhook', error: 'the webhook did not take the message: it answered 404.' }],
    });
    expect(notes).toEqual(['notify: webhook: the webhook did not take the message: it answered 404.']);
    expect(await lake.platform.ledger.rows('notifications')).toEqual([
      expect.objectContaining({ run: good.run, notifier: 'webhook', status: 'failed' }),
      expect.objectContaining({ run: good.run, notifier: 'file', status: 'sent', error: null }),
    ]);
  });

  it('repeated, tells again only by the ways that failed', async () => {
    const { url, got } = await receiver(404, 200);
    const { lake } = lakeWith([hook, file], { HOOK: url });

    await notify.run({ summary: good }, lake);
    const again = await notify.run({ summary: good }, lake);

    expect(again).toEqual({ sent: ['webhook', 'file'], failed: [] });
    expect(got).toHaveLength(1);
    expect((await readFile(path.join(folder, 'told.txt'), 'utf8')).match(/^==/gm)).toHaveLength(1);
  });

  it('tells the topic of the home too, once, and what it refuses is no end of the others', async () => {
    const { lake } = lakeWith([file]);
    const published: string[] = [];
    const answers = [Promise.reject(new LakeError('no such topic')), Promise.resolve()];
    answers[0]!.catch(() => undefined);
    const topic = {
      publish: ({ subject }: { subject: string }) => {
        published.push(subject);
        return answers[published.length - 1]!;
      },
    };
    const withTopic = { ...lake, platform: { ...lake.platform, topic } };

    const first = await notify.run({ summary: good }, withTopic);
    const second = await notify.run({ summary: good }, withTopic);
    const third = await notify.run({ summary: good }, withTopic);

    expect(first).toEqual({ sent: ['file'], failed: [{ notifier: 'topic', error: 'no such topic.' }] });
    expect([second.sent, third.sent]).toEqual([
      ['file', 'topic'],
      ['file', 'topic'],
    ]);
    expect(published).toEqual([composeRun(good).subject, composeRun(good).subject]);
  });

  it('reports a secret that is not there like any failure', async () => {
    const { lake } = lakeWith([hook]);
    lake.platform.secrets.get = async () => {
      throw new LakeError('There is no environment variable HOOK');
    };

    const told = await notify.run({ summary: good }, lake);

    expect(told.failed).toEqual([{ notifier: 'webhook', error: 'There is no environment variable HOOK.' }]);
  });
});
